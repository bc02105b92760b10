# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_certroll_global_optspecs
    string join \n home= passphrase-file= passphrase-command= identity-token-file= pin-file= pin-command= lock-timeout= q/quiet h/help V/version
end

function __fish_certroll_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_certroll_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_certroll_using_subcommand
    set -l cmd (__fish_certroll_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c certroll -n "__fish_certroll_needs_command" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_needs_command" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_needs_command" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_needs_command" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_needs_command" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_needs_command" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_needs_command" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_needs_command" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_needs_command" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_needs_command" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "quickstart" -d 'The whole story with real files on this machine, in under a minute'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "init" -d 'Make a home: settings, database, log and its key'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "passwd" -d 'Change the passphrase of the home, or put a key file in its place'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "doctor" -d 'Check the health of the home: passphrase, log, CAs, CRLs, open intents'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "issue" -d 'Issue a certificate, or many from a CSV'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "rotate" -d 'Replace certificates by new ones, in the same files'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "renew" -d 'Replace certificates by new ones, in the same files'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "revoke" -d 'Revoke certificates and sign the CRL that lists them'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "deliver" -d 'Write a certificate to its files again, or to further ones'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "service" -d 'Servers that use certificates: their inventory, their configuration, what they serve'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "rollback" -d 'Bring back the file that a rotation replaced'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "relocate" -d 'Remember a file under another path: it was moved'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "forget" -d 'Forget that certificates belong into a file'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "list" -d 'List certificates'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "ls" -d 'List certificates'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "show" -d 'Show everything about a certificate'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "check" -d 'Check whether certificates are due, expired, revoked or not where they belong; the exit code tells'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "inspect" -d 'Look into a file: certificate, request, CRL, key, PKCS#12 or JKS; or at what a TLS endpoint presents'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "verify" -d 'Verify a certificate: path to a trust anchor, names, policies, purpose, revocation (RFC 5280)'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "lint" -d 'Say what is wrong with certificates, CRLs, requests and keystores (RFC 5280)'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "ca" -d 'Create and look at the CAs of the home, and write their CRLs and truststores'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "keystore" -d 'Make, look into and change keystores: PKCS#12, JKS and PEM. No home is needed'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "truststore" -d 'Make and change truststores: JKS and PKCS#12 that Java reads, and PEM bundles for everybody else'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "csr" -d 'Make and look into certificate requests. No home is needed; with one, its templates and policies count'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "key" -d 'Make and look into private keys, in files of their own or in hardware tokens. No home is needed'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "message" -d 'Sign messages, and verify signed ones'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "template" -d 'Look at templates: what certificates look like'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "policy" -d 'Look at policies: what may be issued'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "issuer" -d 'Look at issuers: who signs'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "audit" -d 'Look at the audit log, verify it, hand it out'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "man" -d 'Write the manual pages into a directory'
complete -c certroll -n "__fish_certroll_using_subcommand quickstart" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand quickstart" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand quickstart" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand quickstart" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand quickstart" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand quickstart" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand quickstart" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand quickstart" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand quickstart" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand quickstart" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand init" -l origin -d 'Whose log this is, such as a domain name: the beginning of the log\'s origin, which auditors will see and which cannot be changed later' -r
complete -c certroll -n "__fish_certroll_using_subcommand init" -l key-file -d 'Key file in place of a passphrase: 256 random bits, made if it is not there; later commands take it by --passphrase-file' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand init" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand init" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand init" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand init" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand init" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand init" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand init" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand init" -l allow-weak -d 'Take a passphrase that is easily guessed, for a home that protects nothing'
complete -c certroll -n "__fish_certroll_using_subcommand init" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand init" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -l new-passphrase-file -d 'File whose first line is the new passphrase (also CERTROLL_NEW_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -l new-passphrase-command -d 'Command that prints the new passphrase' -r
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -l key-file -d 'Key file in place of a passphrase: 256 random bits, made if it is not there; later commands take it by --passphrase-file' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -l allow-weak -d 'Take a passphrase that is easily guessed, for a home that protects nothing'
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand passwd" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l accept-clock -d 'Record that the clock is right although the log has later records, so that certificates are issued again'
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issue" -s t -l template -d 'Template: see `certroll template list`' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l issuer -d 'CA that signs [default: the one CA of the home that signs no other CA]' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l san -d 'Further name: DNS name, IP address, e-mail address or URI, typed by its form, or dns: ip: email: uri: srv: hwm: (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l subject -d 'Subject in place of the template\'s: "O=Example, OU=a, OU=b, CN=x", first attribute first' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l csr -d 'Request to certify, PEM or DER; its names are added, its key is certified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l key -d 'Kind of key: rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519 [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l ttl -d 'Lifetime: 90d, 12h, 2y or never [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l param -d 'Parameter of the template (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l keystore -d 'Keystore to write key and chain to; the extension decides: .p12 .pfx, .jks .ks, .pem (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l out-cert -d 'File for the certificate and its intermediates, PEM' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l out-key -d 'File for the private key, encrypted PKCS#8 in PEM' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l out-plain-key -d 'File for the private key in the clear, PKCS#8 in PEM: for servers that open no encrypted key, such as Mosquitto' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l acm-import -d 'Import key and chain into AWS Certificate Manager: the ARN of an imported certificate whose place it takes, or new; rotations import in the same place (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l install -d 'Install at a service: its kind and an address there, or new (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l alias -d 'Alias in keystores [default: the name]' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l batch -d 'CSV with a header; column name is required, san (parts separated by ;), csr and parameters of the template may follow' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l out -d 'Directory for files of each device, or FILE.ndjson for a line of each' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l out-format -d 'Formats in the directory: pem, pkcs12, jks (repeatable) [default: NAME.pem with the chain and NAME.key.pem with the encrypted key]' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l jobs -d 'Threads [default: one more than there are processors]' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l force -d 'Issue a further certificate although the name has a current one'
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand issue" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issue" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand issue" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l renew-before -d 'When a certificate counts as due: a share of its lifetime (33%) or a duration (30d) before its end [default: its template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l issuer -d 'Have the new ones signed by that issuer, in the same files and under the same aliases; later rotations ask it as well' -r
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l csr -d 'New request, for a certificate whose key was never in this home' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l jobs -d 'How many are rotated at the same time' -r
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l due -d 'Only what is due; all of it when nothing is named'
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l reuse-key -d 'Keep the key'
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l renew-before -d 'When a certificate counts as due: a share of its lifetime (33%) or a duration (30d) before its end [default: its template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l issuer -d 'Have the new ones signed by that issuer, in the same files and under the same aliases; later rotations ask it as well' -r
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l csr -d 'New request, for a certificate whose key was never in this home' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l jobs -d 'How many are rotated at the same time' -r
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l due -d 'Only what is due; all of it when nothing is named'
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l reuse-key -d 'Keep the key'
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand renew" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand renew" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l file -d 'File with a selector on each line; lines that begin with # are left out' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -s t -l template -d 'All current certificates made from that template' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l issuer -d 'All current certificates signed by that issuer but CAs of the home; with --template those that fit both' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l count -d 'How many certificates that are, where no one can be asked' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -s r -l reason -d 'Reason of RFC 5280: unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation or privilegeWithdrawn' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l key -d 'The certificate\'s own private key, as authority where the issuer takes that: a key file or a keystore. For the reason keyCompromise it is found without this if the home or a keystore known to it holds it' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l break-glass -d 'If the log cannot be written, revoke all the same: the record is kept outside the home (CERTROLL_STATE_DIR, or the user\'s state directory) and merged into the log by the next command that can'
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l out -d 'Directory for files of each, or FILE.ndjson for a line of each' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l out-format -d 'Formats in the directory: pem, pkcs12, jks (repeatable) [default: NAME.pem with the chain and NAME.key.pem with the encrypted key]' -r
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l keystore -d 'Keystore to write key and chain to; the extension decides: .p12 .pfx, .jks .ks, .pem (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l out-cert -d 'File for the certificate and its intermediates, PEM' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l out-key -d 'File for the private key, encrypted PKCS#8 in PEM' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l out-plain-key -d 'File for the private key in the clear, PKCS#8 in PEM: for servers that open no encrypted key, such as Mosquitto' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l acm-import -d 'Import key and chain into AWS Certificate Manager: the ARN of an imported certificate whose place it takes, or new; rotations import in the same place (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l install -d 'Install at a service: its kind and an address there, or new (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l alias -d 'Alias in keystores [default: the name]' -r
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l all -d 'Hand out all certificates that were handed to nobody: those of batches, and their successors'
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -f -a "add" -d 'Add a server that uses certificates of this home'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -f -a "list" -d 'List the servers that use certificates, and how far each has come'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -f -a "ls" -d 'List the servers that use certificates, and how far each has come'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -f -a "show" -d 'Show everything about a service: what is done to it, and what its clients notice'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -f -a "probe" -d 'Look at what services serve now, and compare it with what they should'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -f -a "reload" -d 'Have a service load its files, and see that it serves them'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -f -a "remove" -d 'Forget a service; the server and its files stay as they are'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -f -a "rm" -d 'Forget a service; the server and its files stay as they are'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -f -a "drivers" -d 'List the drivers: how each kind of server is made to load its files, and what its clients notice'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -f -a "config" -d 'Write the TLS configuration of a broker or web server'
complete -c certroll -n "__fish_certroll_using_subcommand service; and not __fish_seen_subcommand_from add list ls show probe reload remove rm drivers config kinds" -f -a "kinds" -d 'List the kinds of servers that `service config` knows'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l driver -d 'How it is made to load its files; `certroll service drivers` shows the drivers' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l certificate -d 'Certificate that it uses (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l endpoint -d 'Where it serves it: HOST:PORT, or HOST:PORT,SERVERNAME; with several certificates CERTIFICATE@HOST:PORT (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l set -d 'Setting of the driver (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l pre -d 'Command to run before its files are changed; if it fails they are not' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l post -d 'Command to run once it serves the new certificate' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from list" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from list" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from list" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from list" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from list" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from list" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from list" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from list" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from ls" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from ls" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from ls" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from ls" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from ls" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from ls" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from ls" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from ls" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from ls" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from show" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from show" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from show" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from show" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from show" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from show" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from show" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from show" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from probe" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from probe" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from probe" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from probe" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from probe" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from probe" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from probe" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from probe" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from probe" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from probe" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from probe" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from reload" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from reload" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from reload" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from reload" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from reload" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from reload" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from reload" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from reload" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from reload" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from reload" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from remove" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from remove" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from remove" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from remove" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from remove" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from remove" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from remove" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from rm" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from rm" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from rm" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from rm" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from rm" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from rm" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from rm" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from rm" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from drivers" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from drivers" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from drivers" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from drivers" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from drivers" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from drivers" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from drivers" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from drivers" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from drivers" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from drivers" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from drivers" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l server -d 'Server to configure; `certroll service kinds` shows them' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l name -d 'Certificate of the home whose files the server uses' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l keystore -d 'Keystore of the server, PKCS#12 or JKS' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l cert -d 'Certificate of the server with its intermediates, PEM' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l key -d 'Private key of the server, PEM' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l truststore -d 'CAs whose clients are let in: a truststore, or PEM for a server that reads PEM' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l storepass-file -d 'File whose first line opens the keystore or the key (also CERTROLL_STOREPASS_FILE)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l trustpass-file -d 'File whose first line opens the truststore (also CERTROLL_TRUSTPASS_FILE) [default: as the keystore]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l listen -d 'Address and port to listen on [default: all addresses, the server\'s usual port]' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l out -d 'Directory to write the files to' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from config" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from kinds" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from kinds" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from kinds" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from kinds" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from kinds" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from kinds" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from kinds" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from kinds" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from kinds" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from kinds" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand service; and __fish_seen_subcommand_from kinds" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand rollback" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand rollback" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand rollback" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand rollback" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand rollback" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand rollback" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand rollback" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand rollback" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand rollback" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand rollback" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand relocate" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand relocate" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand relocate" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand relocate" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand relocate" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand relocate" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand relocate" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand relocate" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand relocate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand relocate" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand forget" -l alias -d 'Only the entry of that alias' -r
complete -c certroll -n "__fish_certroll_using_subcommand forget" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand forget" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand forget" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand forget" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand forget" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand forget" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand forget" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand forget" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand forget" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand forget" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand list" -l template -d 'Only from this template' -r
complete -c certroll -n "__fish_certroll_using_subcommand list" -l issuer -d 'Only from this issuer' -r
complete -c certroll -n "__fish_certroll_using_subcommand list" -l expires-within -d 'Only those that expire within that time' -r
complete -c certroll -n "__fish_certroll_using_subcommand list" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand list" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand list" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand list" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand list" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand list" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand list" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand list" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand list" -l current -d 'Only those neither revoked nor replaced'
complete -c certroll -n "__fish_certroll_using_subcommand list" -l revoked -d 'Only revoked ones'
complete -c certroll -n "__fish_certroll_using_subcommand list" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand list" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ls" -l template -d 'Only from this template' -r
complete -c certroll -n "__fish_certroll_using_subcommand ls" -l issuer -d 'Only from this issuer' -r
complete -c certroll -n "__fish_certroll_using_subcommand ls" -l expires-within -d 'Only those that expire within that time' -r
complete -c certroll -n "__fish_certroll_using_subcommand ls" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand ls" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ls" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ls" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ls" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ls" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ls" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ls" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ls" -l current -d 'Only those neither revoked nor replaced'
complete -c certroll -n "__fish_certroll_using_subcommand ls" -l revoked -d 'Only revoked ones'
complete -c certroll -n "__fish_certroll_using_subcommand ls" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ls" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand show" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand show" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand show" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand show" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand show" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand show" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand show" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand show" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand show" -l all -d 'Replaced and revoked ones too, when the name has a current certificate'
complete -c certroll -n "__fish_certroll_using_subcommand show" -l pem -d 'Print the certificate and its issuers as PEM instead'
complete -c certroll -n "__fish_certroll_using_subcommand show" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand show" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand check" -l renew-before -d 'When a certificate counts as due: a share of its lifetime (33%) or a duration (30d) before its end [default: its template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand check" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand check" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand check" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand check" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand check" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand check" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand check" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand check" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand check" -l no-look -d 'Look neither at files nor at endpoints of services'
complete -c certroll -n "__fish_certroll_using_subcommand check" -l deep -d 'Open every keystore, and ask every service, whether it has changed or not'
complete -c certroll -n "__fish_certroll_using_subcommand check" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand check" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l trust -d 'Trust anchors (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l untrusted -d 'Certificates that may stand between (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l crl -d 'CRL (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l ocsp -d 'OCSP response, DER (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l at -d 'The time for which is asked, RFC 3339 [default: now]' -r
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l purpose -d 'What it is to be used for: any, serverAuth, clientAuth, codeSigning, emailProtection, timeStamping, OCSPSigning, or an OID' -r
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l host -d 'Host name that it must have (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l ip -d 'IP address that it must have (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l email -d 'Address of mail that it must have (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l policy -d 'Certificate policy that is acceptable (repeatable) [default: every one]' -r
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l depth -d 'The most CAs between certificate and anchor' -r
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l no-revocation -d 'Do not check revocation'
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l require-explicit-policy -d 'A certificate policy must be valid for the whole path'
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l inhibit-policy-mapping -d 'No CA may map policies to others'
complete -c certroll -n "__fish_certroll_using_subcommand verify" -l inhibit-any-policy -d 'Take anyPolicy in a certificate for no policy at all'
complete -c certroll -n "__fish_certroll_using_subcommand verify" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand verify" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l against -d 'Template that made it, or would make it' -r
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l name -d 'Name that the template is given [default: the common name, or the first alternative name]' -r
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l param -d 'Parameter of the template (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l issuer -d 'CA of the home that signs it [default: the one that signs no other CA]' -r
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l pack -d 'Further rules (repeatable)' -r -f -a "cabf\t'Baseline Requirements of the CA/Browser Forum for publicly trusted TLS certificates'"
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l ignore -d 'Rule that is not looked at, by its name (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l format -d 'How findings are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line, one for each finding'
sarif\t'SARIF 2.1.0, for code scanning'
junit\t'JUnit XML, for continuous integration'"
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand lint" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand lint" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand lint" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -f -a "create" -d 'Create a CA: a root, or with --issuer one below another CA'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -f -a "request" -d 'Ask for a CA below somebody else\'s: make its key here, and a request for its operators'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -f -a "accept" -d 'Take the answer to a request: the CA is an issuer of the home from then on'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -f -a "sign" -d 'Sign the CA of others, below one of this home, from its request'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -f -a "import" -d 'Take over a CA that worked elsewhere before, with what it has issued'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -f -a "renew" -d 'Give a CA a further certificate, with the same key'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -f -a "set" -d 'Change where relying parties find the CRL, OCSP responder and certificate of a CA, for what it issues from now on'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -f -a "remove" -d 'Take away a CA that has signed nothing, or withdraw the request for one: its name is free again'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -f -a "health" -d 'Look at the CAs as an auditor would: state, key, life, constraints, CRL, what they have issued'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -f -a "list" -d 'List the CAs'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -f -a "show" -d 'Show a CA with its certificates and its CRL'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -f -a "crl" -d 'Write the CRL of a CA; sign a new one first with --renew, or when there is none or it is past half of its time'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create request accept sign import renew set remove health list show crl export" -f -a "export" -d 'Write the certificates of a CA and those above it: as PEM, or as a truststore that Java reads'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l issuer -d 'CA of the home that signs it; without one it is a root' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l subject -d 'Subject: "DC=com, DC=example, OU=a, OU=b, CN=Corp CA", first attribute first [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -s t -l template -d 'Template [default: root-ca, or issuing-ca with --issuer]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l key -d 'Kind of key: rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519 [default: the template\'s]; or the key of a hardware token, which stays there: \'pkcs11:token=ca;object=root?module-path=/usr/lib/vendor.so\'' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l generate -d 'Make the key in the token first, of that kind' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l ttl -d 'Lifetime: 10y, 3650d [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l path-length -d 'How many CAs may stand below it in a chain [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l permit -d 'Names it may issue for: dns:example.net, ip:10.0.0.0/8, email:example.net, uri:.example.net, dir:DN (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l exclude -d 'Names it may not issue for (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l crl-url -d 'URI of its CRL, for the certificates that it issues (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l ocsp-url -d 'URI of its OCSP responder, for the certificates that it issues (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l issuer-url -d 'URI of its own certificate, for the certificates that it issues (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -s o -l out -d 'File to write the request (PKCS#10) to, in PEM; standard output when left out' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l subject -d 'Subject: "DC=com, DC=example, CN=Corp CA", first attribute first [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -s t -l template -d 'Template' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l key -d 'Kind of key, or the key of a hardware token, as with `ca create` [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l generate -d 'Make the key in the token first, of that kind' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l ttl -d 'Lifetime to ask for: 10y, 3650d [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l path-length -d 'How many CAs may stand below it in a chain [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l permit -d 'Names it may issue for: dns:example.net, ip:10.0.0.0/8, email:example.net, uri:.example.net, dir:DN (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l exclude -d 'Names it may not issue for (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l crl-url -d 'URI of its CRL, for the certificates that it issues (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l ocsp-url -d 'URI of its OCSP responder, for the certificates that it issues (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l issuer-url -d 'URI of its own certificate, for the certificates that it issues (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from request" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -l cert -d 'Files with its certificate and those above it up to the root, in any order: PEM, DER or PKCS#7 (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from accept" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l name -d 'Name in the inventory [default: the common name of its subject]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l issuer -d 'CA of the home that signs it' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -s t -l template -d 'Template' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l subject -d 'Subject, in place of that of the request' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l ttl -d 'Lifetime [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l path-length -d 'How many CAs may stand below it in a chain [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l permit -d 'Names it may issue for: dns:example.net, ip:10.0.0.0/8, email:example.net, uri:.example.net, dir:DN (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l exclude -d 'Names it may not issue for (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -s o -l out -d 'File to write its certificate and those above it to, in PEM; standard output when left out' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from sign" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l cert -d 'Files with its certificate and those above it up to the root, in any order (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l key -d 'Its private key: PEM, DER, PKCS#12 or JKS; or the key of a hardware token, which stays there: \'pkcs11:token=ca;object=root\'' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l keypass-file -d 'File whose first line is the password of the key (also CERTROLL_KEYPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l keypass-command -d 'Command that prints the password of the key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l easy-rsa -d 'Directory of easy-rsa (`pki`): certificate, key, index, numbers, certificates and CRL are taken from it' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l index -d 'Index of OpenSSL\'s `ca` (index.txt); name the folder of its certificates with --issued' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l serial -d 'File with the next serial number, of OpenSSL\'s `ca`' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l crlnumber -d 'File with the next CRL number, of OpenSSL\'s `ca`' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l issued -d 'Folder with certificates that it has issued (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l crl -d 'Its last CRL' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l template -d 'Template by which its certificates are rotated, of each the first with the same extended key usages (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l crl-url -d 'URI of its CRL, for the certificates that it issues (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l ocsp-url -d 'URI of its OCSP responder, for the certificates that it issues (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l issuer-url -d 'URI of its own certificate, for the certificates that it issues (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from import" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -l ttl -d 'Lifetime [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -s o -l out -d 'File for the request (PKCS#10) of a CA below somebody else\'s, in PEM; standard output when left out' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from renew" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l crl-url -d 'URI of its CRL, for the certificates that it issues (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l ocsp-url -d 'URI of its OCSP responder, for the certificates that it issues (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l issuer-url -d 'URI of its own certificate, for the certificates that it issues (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l no-crl-url -d 'No URI of a CRL any more'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l no-ocsp-url -d 'No URI of an OCSP responder any more'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l no-issuer-url -d 'No URI of its certificate any more'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from set" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from remove" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from remove" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from remove" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from remove" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from remove" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from remove" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from remove" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from remove" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from remove" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from health" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from health" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from health" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from health" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from health" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from health" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from health" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from health" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from health" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from health" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from health" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -s o -l out -d 'File to write; .pem for PEM, else DER; standard output in PEM when left out' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l next-update -d 'Time until its next update; with --renew [default: 7d]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l service -d 'Service that is made to load the file whenever it was written (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l all -d 'The CRLs of all CAs of the home'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l renew -d 'Sign a new one now'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l keep -d 'Remember the file, and write it anew with each CRL'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l forget -d 'Forget the file, which stays as it is'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -s o -l out -d 'File to write; the extension decides: .pem .crt, .p12, .jks. Other entries of an existing truststore stay' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "create" -d 'Make a keystore, empty or with a new key pair'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "list" -d 'List the entries'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "ls" -d 'List the entries'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "inspect" -d 'Show everything: entries with their certificates, algorithms and iterations'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "add" -d 'Add a new key pair, or a certificate to be trusted'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "remove" -d 'Remove entries'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "rm" -d 'Remove entries'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "import" -d 'Import a CA\'s reply to a key of the keystore, a key with its chain, or entries of another keystore'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "export" -d 'Write the certificates of an entry, or its private key, to files of their own'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "convert" -d 'Write a keystore anew in another format: JKS, PKCS#12 or PEM'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "diff" -d 'Compare two keystores entry by entry, whatever their formats and passwords'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "lint" -d 'Say what is wrong with a keystore, or soon will be'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "passwd" -d 'Change the passwords of a keystore, or its encryption; no copy of the old file stays'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and not __fish_seen_subcommand_from create list ls inspect add remove rm import export convert diff lint passwd rename" -f -a "rename" -d 'Give an entry another alias'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l alias -d 'Alias of a new key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l key -d 'Kind of the new key: rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l iterations -d 'Iterations of key derivation and MAC of PKCS#12, and of keys in PEM [default: as the file has, if more than 10000; else 100000]' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l replace -d 'Put the new keystore in the place of one that is there'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from ls" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from inspect" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l alias -d 'Alias of the entry' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l key -d 'Kind of a new key: rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l cert -d 'Certificate to be trusted, PEM or DER or PKCS#7' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l iterations -d 'Iterations of key derivation and MAC of PKCS#12, and of keys in PEM [default: as the file has, if more than 10000; else 100000]' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l replace -d 'Replace what has the alias now'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l alias -d 'Alias of an entry (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l iterations -d 'Iterations of key derivation and MAC of PKCS#12, and of keys in PEM [default: as the file has, if more than 10000; else 100000]' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l alias -d 'Alias of an entry (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l iterations -d 'Iterations of key derivation and MAC of PKCS#12, and of keys in PEM [default: as the file has, if more than 10000; else 100000]' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rm" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l alias -d 'Alias of the entry [default: the only key]' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l cert -d 'Reply, intermediate or root; PEM, DER or PKCS#7 (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l key-file -d 'Private key that is not in the keystore yet: PKCS#8, PKCS#1 or SEC1; its password is that of --keypass-file' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l from -d 'Keystore to take entries from: the one of --alias, or all' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l to-alias -d 'Alias that the entry gets here' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l from-storepass-file -d 'File whose first line opens the keystore that is read [default: the password of the other one]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l from-keypass-file -d 'File whose first line opens the keys of the keystore that is read, if it is a JKS with a password for them' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l iterations -d 'Iterations of key derivation and MAC of PKCS#12, and of keys in PEM [default: as the file has, if more than 10000; else 100000]' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l partial-chain -d 'Take the chain although it ends before a root'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l mark-trusted -d 'Trust certificates that have no mark of trust there, as `openssl pkcs12 -nokeys` makes them'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l drop-attributes -d 'Leave attributes behind that only PKCS#12 can hold'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l replace -d 'Replace what has the alias now'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from import" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l alias -d 'Alias of the entry [default: the only key]' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l out-cert -d 'File for the certificates, PEM; .der and .cer for the first one in DER' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l out-key -d 'File for the private key, encrypted PKCS#8 in PEM' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l out-keypass-file -d 'File whose first line protects the key in its new file [default: the password of the keystore]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l no-chain -d 'The entry\'s own certificate alone, without its chain'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -s o -l out -d 'File to write; the extension decides: .p12 .pfx, .jks .ks, .pem' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l out-storepass-file -d 'File whose first line protects the new keystore [default: the password of the old one]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l out-keypass-file -d 'File whose first line protects the keys of a new JKS, if not its own password' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l iterations -d 'Iterations of key derivation and MAC of PKCS#12, and of keys in PEM [default: as the file has, if more than 10000; else 100000]' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l mark-trusted -d 'Trust certificates that have no mark of trust, as `openssl pkcs12 -nokeys` makes them'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l drop-attributes -d 'Leave attributes behind that only PKCS#12 can hold, such as those of Windows'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l replace -d 'Replace entries that are there and differ'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from convert" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l second-storepass-file -d 'File whose first line opens the second one [default: the password of the first]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from diff" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from lint" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l new-storepass-file -d 'File whose first line is the new password (also CERTROLL_NEW_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l new-storepass-command -d 'Command that prints the new password' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l new-keypass-file -d 'File whose first line is the new password of the keys of a JKS (also CERTROLL_NEW_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l new-keypass-command -d 'Command that prints the new password of the keys of a JKS' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l iterations -d 'Iterations of key derivation and MAC of PKCS#12, and of keys in PEM [default: as the file has, if more than 10000; else 100000]' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from passwd" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l alias -d 'Alias that the entry has' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l to -d 'Alias that it gets' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l iterations -d 'Iterations of key derivation and MAC of PKCS#12, and of keys in PEM [default: as the file has, if more than 10000; else 100000]' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand keystore; and __fish_seen_subcommand_from rename" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -f -a "create" -d 'Put certificates into a truststore, which is made if it is missing'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -f -a "add" -d 'Put certificates into a truststore, which is made if it is missing'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -f -a "remove" -d 'Take certificates out of a truststore'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -f -a "rm" -d 'Take certificates out of a truststore'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -f -a "list" -d 'List what a truststore trusts, or without a file what the home knows of all truststores'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -f -a "ls" -d 'List what a truststore trusts, or without a file what the home knows of all truststores'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -f -a "sync" -d 'Take revoked and expired CAs out of every truststore that the home knows, and put the current ones in'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and not __fish_seen_subcommand_from create add remove rm list ls sync untrack" -f -a "untrack" -d 'Look after a truststore no longer; the file stays as it is'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l ca -d 'CA of the home, with those above it (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l cert -d 'File with certificates, PEM or DER or PKCS#7 (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l alias -d 'Alias, for one certificate [default: the name of the CA, or of the certificate]' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l iterations -d 'Iterations of key derivation and MAC of PKCS#12, and of keys in PEM [default: as the file has, if more than 10000; else 100000]' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l replace -d 'Replace another trusted certificate that has the alias now'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l no-home -d 'Change the file alone, and remember nothing'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l ca -d 'CA of the home, with those above it (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l cert -d 'File with certificates, PEM or DER or PKCS#7 (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l alias -d 'Alias, for one certificate [default: the name of the CA, or of the certificate]' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l iterations -d 'Iterations of key derivation and MAC of PKCS#12, and of keys in PEM [default: as the file has, if more than 10000; else 100000]' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l replace -d 'Replace another trusted certificate that has the alias now'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l no-home -d 'Change the file alone, and remember nothing'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l alias -d 'Alias of a certificate (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l cert -d 'File with the certificates to take out (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l sha256 -d 'SHA-256 fingerprint of a certificate, with or without colons (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l iterations -d 'Iterations of key derivation and MAC of PKCS#12, and of keys in PEM [default: as the file has, if more than 10000; else 100000]' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l no-home -d 'Change the file alone, and record nothing'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l alias -d 'Alias of a certificate (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l cert -d 'File with the certificates to take out (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l sha256 -d 'SHA-256 fingerprint of a certificate, with or without colons (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l profile -d 'How PKCS#12 is encrypted [default: as the file is; modern for a new one]' -r -f -a "modern\t'AES-256 and SHA-256: JDK 8u301, 11.0.12 and later, OpenSSL 1.1 and later, Windows Server 2019 and later'
compatible\t'Triple DES and SHA-1, for older Java and Windows'
fips\t'As modern, with PBMAC1 (RFC 9579) as MAC: OpenSSL 3.4 and later, Java 26'"
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l iterations -d 'Iterations of key derivation and MAC of PKCS#12, and of keys in PEM [default: as the file has, if more than 10000; else 100000]' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l no-home -d 'Change the file alone, and record nothing'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from rm" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from list" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from list" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from list" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from list" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from list" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from list" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from list" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from list" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from list" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from list" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from ls" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from ls" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from ls" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from ls" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from ls" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from ls" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from ls" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from ls" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from ls" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from ls" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from ls" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from sync" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from untrack" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from untrack" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from untrack" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from untrack" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from untrack" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from untrack" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from untrack" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from untrack" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from untrack" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from untrack" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from untrack" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand truststore; and __fish_seen_subcommand_from untrack" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and not __fish_seen_subcommand_from new inspect lint" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and not __fish_seen_subcommand_from new inspect lint" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and not __fish_seen_subcommand_from new inspect lint" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and not __fish_seen_subcommand_from new inspect lint" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and not __fish_seen_subcommand_from new inspect lint" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and not __fish_seen_subcommand_from new inspect lint" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and not __fish_seen_subcommand_from new inspect lint" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and not __fish_seen_subcommand_from new inspect lint" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and not __fish_seen_subcommand_from new inspect lint" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and not __fish_seen_subcommand_from new inspect lint" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and not __fish_seen_subcommand_from new inspect lint" -f -a "new" -d 'Make a request for a key in a keystore, in a file, or made now'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and not __fish_seen_subcommand_from new inspect lint" -f -a "inspect" -d 'Show what a request asks for; its own key must have signed it'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and not __fish_seen_subcommand_from new inspect lint" -f -a "lint" -d 'Say what is wrong with a request, and field by field what template and policies refuse'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -s t -l template -d 'Template: see `certroll template list`' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l san -d 'Further name: DNS name, IP address, e-mail address or URI, typed by its form, or dns: ip: email: uri: srv: hwm: (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l subject -d 'Subject in place of the template\'s: "O=Example, OU=a, OU=b, CN=x", first attribute first' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l param -d 'Parameter of the template (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l keystore -d 'Keystore that holds the key' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l alias -d 'Alias of the key in the keystore [default: the only key]' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l key-file -d 'File that holds the key; its password is that of --keypass-file' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l out-key -d 'File for a new key, encrypted with the password of --keypass-file' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l key -d 'Kind of a new key: rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519 [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -s o -l out -d 'File for the request, PEM; .der for DER; standard output when left out' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l keypass-file -d 'File whose first line protects the keys of a JKS, if not the keystore\'s (also CERTROLL_KEYPASS in the environment)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l keypass-command -d 'Command that prints the password of the keys of a JKS, if it is not the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from inspect" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from inspect" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from inspect" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from inspect" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from inspect" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from inspect" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from inspect" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from inspect" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from inspect" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from inspect" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -s t -l template -d 'Template that it would be issued by; without one only the request itself is looked at' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -l name -d 'Name that it would be issued for [default: its common name, or its first alternative name]' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -l issuer -d 'CA of the home that would sign it [default: the one that signs no other CA]' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -l param -d 'Parameter of the template (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand csr; and __fish_seen_subcommand_from lint" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -f -a "new" -d 'Make a private key'
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -f -a "inspect" -d 'Show the kind, encryption and public key of a private key'
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -f -a "passwd" -d 'Change the password of a private key, or encrypt one that is not; no copy of the old file stays'
complete -c certroll -n "__fish_certroll_using_subcommand key; and not __fish_seen_subcommand_from new inspect passwd list" -f -a "list" -d 'List the private keys of a hardware token, each with the reference that opens it'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -l key -d 'Kind of key: rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -l keypass-file -d 'File whose first line is the password of the key (also CERTROLL_KEYPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -l keypass-command -d 'Command that prints the password of the key' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -l keypass-file -d 'File whose first line is the password of the key (also CERTROLL_KEYPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -l keypass-command -d 'Command that prints the password of the key' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -l public -d 'Print the public key, PEM'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from inspect" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -s o -l out -d 'File for the key under its new password [default: the same file]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -l new-keypass-file -d 'File whose first line is the new password (also CERTROLL_NEW_KEYPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -l new-keypass-command -d 'Command that prints the new password' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -l keypass-file -d 'File whose first line is the password of the key (also CERTROLL_KEYPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -l keypass-command -d 'Command that prints the password of the key' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from passwd" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from list" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from list" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from list" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from list" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from list" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from list" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from list" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from list" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand key; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand message; and not __fish_seen_subcommand_from sign verify" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and not __fish_seen_subcommand_from sign verify" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and not __fish_seen_subcommand_from sign verify" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and not __fish_seen_subcommand_from sign verify" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and not __fish_seen_subcommand_from sign verify" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and not __fish_seen_subcommand_from sign verify" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and not __fish_seen_subcommand_from sign verify" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and not __fish_seen_subcommand_from sign verify" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand message; and not __fish_seen_subcommand_from sign verify" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand message; and not __fish_seen_subcommand_from sign verify" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand message; and not __fish_seen_subcommand_from sign verify" -f -a "sign" -d 'Sign a message: a detached signature in CMS, or with --raw or --envelope in another form'
complete -c certroll -n "__fish_certroll_using_subcommand message; and not __fish_seen_subcommand_from sign verify" -f -a "verify" -d 'Verify a signed message: signature, certificates, purpose, revocation, time, and that it is no replay'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l key -d 'Key: a keystore or key file, or \'pkcs11:token=T;object=O\'' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l alias -d 'Alias of the key, in a keystore with several' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l cert -d 'File with the certificate of the key and those above it, when they do not lie beside the key' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l sequence-file -d 'File with the last number that this sender used; made when missing' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l content-type -d 'Media type of the message, for the envelope: application/xml' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -s o -l out -d 'File to write; standard output when left out' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l keypass-file -d 'File whose first line opens the key, when that is another password than the keystore\'s (also CERTROLL_KEYPASS)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l keypass-command -d 'Command that prints the password of the key, when that is another one than the keystore\'s' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l raw -d 'The bare signature, as Java\'s `Signature` makes and checks it: SHA256withRSA, SHA256withECDSA, SHA384withECDSA, Ed25519'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l envelope -d 'The message in an envelope with time, number and sender, which cannot be replayed (JWS)'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l binary -d 'Write the bare signature as bytes, not as base64'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from sign" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -s s -l signature -d 'The signature: CMS in DER or PEM; with --raw base64' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l cert -d 'File with the certificate of the signer, and those above it: for --raw, and for CMS without certificates' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l algorithm -d 'Signature algorithm in Java\'s words, where it is not the usual one of the key: SHA512withRSA, SHA256withECDSA' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l trust -d 'Truststore, JKS, PKCS#12 or PEM (repeatable) [default: the CAs of the home]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l crl -d 'CRL, PEM or DER (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l window -d 'How old an envelope may be' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l seen-file -d 'File with the numbers that were seen, of all senders; made when missing' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -s o -l out -d 'File for the message that a good envelope holds; - for standard output' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l raw -d 'The bare signature, as Java\'s `Signature` makes and checks it: SHA256withRSA, SHA256withECDSA, SHA384withECDSA, Ed25519'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l envelope -d 'The message in an envelope with time, number and sender, which cannot be replayed (JWS)'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l binary -d 'The bare signature is bytes, not base64'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l no-revocation -d 'Do not check revocation'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l any-purpose -d 'Accept a certificate that is for other purposes than messages, such as clientAuth alone'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand message; and __fish_seen_subcommand_from verify" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -f -a "list" -d 'List the templates'
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -f -a "show" -d 'Print the text of a template: a good start for one of your own in the home\'s `templates` directory'
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -f -a "list" -d 'List the policies'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -f -a "show" -d 'Print the text of a policy: a good start for one of your own in the home\'s `policies` directory'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -f -a "list" -d 'List the issuers of the home: its CAs, and those elsewhere that certroll.toml names'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -f -a "capabilities" -d 'Show what an issuer can do: keys, names, lifetimes, reasons of revocation'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -f -a "test" -d 'Check that an issuer is ready: reachable, its credentials good, its certificates valid'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -f -a "status" -d 'Ask the issuer that keeps a certificate how it is: what uses it, how far its renewal is'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -f -a "delete" -d 'Delete a certificate and its key at the issuer that keeps them'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -f -a "report" -d 'Have an issuer write a report of everything that it has signed'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -f -a "abandon" -d 'End a request whose outcome cannot be found out any more'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test status delete report abandon account" -f -a "account" -d 'Accounts at issuers that know us by a key of our own, as ACME servers do'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l kinds -d 'List the kinds of issuers that this program knows instead'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from status" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from status" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from status" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from status" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from status" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from status" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from status" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from status" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from delete" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from delete" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from delete" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from delete" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from delete" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from delete" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from delete" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from delete" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from delete" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from delete" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from report" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from report" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from report" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from report" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from report" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from report" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from report" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from report" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from report" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from report" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from abandon" -l comment -d 'Why it is ended, in words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from abandon" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from abandon" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from abandon" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from abandon" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from abandon" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from abandon" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from abandon" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from abandon" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from abandon" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from abandon" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from abandon" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -f -a "create" -d 'Create an account, with a key that is kept encrypted in the home'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -f -a "show" -d 'Show what the issuer says of an account'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -f -a "update" -d 'Replace how the issuer can reach you'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -f -a "rotate-key" -d 'Give an account a new key'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from account" -f -a "deactivate" -d 'End an account for good'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -f -a "show" -d 'Show records'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -f -a "verify" -d 'Verify the log: of the home, or an export, a published directory or a receipt where there is neither home nor secret'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -f -a "export" -d 'Write the log to a file, and record that it was handed out'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -f -a "receipt" -d 'Write one record with the proof that it is in the log (C2SP tlog-proof)'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -f -a "publish" -d 'Write the log into a directory that any web server can serve (C2SP tlog-tiles), or continue it there'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -f -a "cosign" -d 'As a witness, without the home: verify a log and cosign its checkpoint (C2SP tlog-cosignature)'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -f -a "add-cosignature" -d 'Take home what a witness cosigned: check it, keep it for receipts, and record it'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -f -a "events" -d 'List the events that are recorded, and the clauses that ask for them'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -f -a "report" -d 'Write a page about the log, for people: what was issued, revoked and refused, what ends when, who acted'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -f -a "reconcile" -d 'Compare the log with the inventory, the CAs\' CRLs, the lists of issuers elsewhere, and certificates found in files and at TLS endpoints'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -f -a "restore" -d 'Bring back records that the home lost, from an export: after a database was restored from an old backup'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign add-cosignature events report reconcile restore start-new-log" -f -a "start-new-log" -d 'Begin a new log after records were truly lost: the old origin never signs again'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -l event -d 'Only this event, such as cert.issued: see `certroll audit events`' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -l since -d 'From this sequence number on' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -s n -l last -d 'Only the last so many' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -l record -d 'Record that a receipt is for [default: the receipt\'s name with .json]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -l checkpoint -d 'Signed checkpoint [default: FILE.checkpoint or DIR/checkpoint]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -l since -d 'Checkpoint that you kept from your last visit: the export must continue it' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -l key -d 'Public key of the log, or the file that holds it: the one you were given when the log began' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -l policy -d 'Trust policy: logs it may be, and witnesses that must have cosigned the checkpoint (C2SP tlog-policy)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from verify" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -s o -l out -d 'File to write; `-` is standard output (csv, cef, syslog). JSON Lines get FILE.checkpoint and FILE.vkey beside them' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l format -d 'Form of the export [default: bundle if FILE ends in .tar, else jsonl]' -r -f -a "jsonl\t'The exact records, verifiable'
csv\t'A table for people'
bundle\t'One archive with everything that an auditor needs'
cef\t'Common Event Format, for a SIEM'
syslog\t'RFC 5424, for a SIEM'"
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l since -d 'Of a bundle, only what came after this checkpoint of an earlier visit; of cef and syslog, from this record on' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l name -d 'Of a bundle, only operations on this device or certificate: a name or serial number; may be given repeatedly' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l event -d 'Of a bundle, only operations with this event; may be given repeatedly' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l from -d 'Of a bundle, only operations at or after this time: 2026-11-22 or 2026-11-22T09:00:00Z' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l until -d 'Of a bundle, only operations before this time' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l follow -d 'Of cef and syslog, wait for new records until stopped; nothing is recorded and no passphrase is needed'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l event -d 'Record of this event, if there are several; of a certificate the default is its issuance' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -s o -l out -d 'Beginning of the names of both files, PREFIX.json and PREFIX.tlog-proof [default: record-NUMBER]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -l checkpoint -d 'Signed checkpoint [default: FILE.jsonl.checkpoint or DIR/checkpoint]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -l key -d 'Public key of the log, or the file that holds it: the one you were given when the log began' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -l witness-key -d 'Encrypted private key of the witness; FILE.vkey and FILE.seen, what it has cosigned, lie beside it' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -l new-key -d 'Make the key of a witness of that name, such as auditor.example/w1, and print its public half' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from add-cosignature" -l policy -d 'Trust policy that lists the witnesses (C2SP tlog-policy) [default: log/policy of the home]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from add-cosignature" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from add-cosignature" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from add-cosignature" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from add-cosignature" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from add-cosignature" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from add-cosignature" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from add-cosignature" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from add-cosignature" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from add-cosignature" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from add-cosignature" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l clause -d 'Only events that a clause with this text asks for, such as "SR 2.8", "OVR-02" or "NERC"' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -s o -l out -d 'HTML file to write' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -l replace -d 'Replace what lies there even if certroll did not write it'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l scan -d 'Look at every certificate and keystore in this directory and below; may be repeated' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l connect -d 'Look at the chain that a TLS endpoint presents; NAME is the server name to ask for; may be repeated' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l timeout -d 'How long an endpoint may take' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l no-record -d 'Only look: nothing is recorded, no passphrase is needed'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from restore" -l from -d 'JSON Lines export with its checkpoint beside it, or the directory of an unpacked bundle' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from restore" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from restore" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from restore" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from restore" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from restore" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from restore" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from restore" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from restore" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from restore" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -l origin -d 'Whose log this is, such as a domain name: the beginning of the new origin' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -l from -d 'An export of the old log that knows more than the home does: its certificates and revocations are taken over too' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from start-new-log" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand completions" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand completions" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand completions" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand completions" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand completions" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand completions" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand completions" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand completions" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand completions" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand completions" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand man" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand man" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand man" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand man" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand man" -l pin-file -d 'File whose first line is the PIN of the token that holds a key (also CERTROLL_PIN in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand man" -l pin-command -d 'Command that prints the PIN of the token that holds a key' -r
complete -c certroll -n "__fish_certroll_using_subcommand man" -l lock-timeout -d 'Seconds to wait for another run that holds a lock' -r
complete -c certroll -n "__fish_certroll_using_subcommand man" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand man" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand man" -s V -l version -d 'Print version'
