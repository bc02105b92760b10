# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_certroll_global_optspecs
    string join \n home= passphrase-file= passphrase-command= identity-token-file= q/quiet h/help V/version
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
complete -c certroll -n "__fish_certroll_needs_command" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_needs_command" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_needs_command" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "quickstart" -d 'The whole story with real files on this machine, in under a minute'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "init" -d 'Make a home: settings, database, log and its key'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "doctor" -d 'Check the health of the home: passphrase, log, CAs, CRLs, open intents'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "issue" -d 'Issue a certificate, or many from a CSV'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "rotate" -d 'Replace certificates by new ones, in the same files'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "renew" -d 'Replace certificates by new ones, in the same files'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "revoke" -d 'Revoke a certificate and sign the CRL that lists it'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "deliver" -d 'Write a certificate to its files again, or to further ones'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "restore" -d 'Bring back the file that a rotation replaced'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "list" -d 'List certificates'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "ls" -d 'List certificates'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "show" -d 'Show everything about a certificate'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "check" -d 'Check whether certificates are due, expired or revoked; the exit code tells'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "inspect" -d 'Look into a file: certificate, request, CRL, key, PKCS#12 or JKS'
complete -c certroll -n "__fish_certroll_needs_command" -f -a "ca" -d 'Create and look at the CAs of the home, and write their CRLs and truststores'
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
complete -c certroll -n "__fish_certroll_using_subcommand quickstart" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand quickstart" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand quickstart" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand init" -l origin -d 'Whose log this is, such as a domain name: the beginning of the log\'s origin, which auditors will see and nobody can change later' -r
complete -c certroll -n "__fish_certroll_using_subcommand init" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand init" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand init" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand init" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand init" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand init" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -l accept-clock -d 'Record that the clock is right although the log has later records, so that certificates are issued again'
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issue" -s t -l template -d 'Template: see `certroll template list`' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l issuer -d 'CA that signs [default: the one CA of the home that signs no other CA]' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l san -d 'Further name: DNS name, IP address, e-mail address or URI, typed by its form, or dns: ip: email: uri: hwm: (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l subject -d 'Subject in place of the template\'s: "O=Example, OU=a, OU=b, CN=x", first attribute first' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l csr -d 'Request that somebody brings, PEM or DER; its names are added, its key is certified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l key -d 'Kind of key: rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384 or ed25519 [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l ttl -d 'Lifetime: 90d, 12h, 2y or never [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l param -d 'Parameter of the template (repeatable)' -r
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l keystore -d 'Keystore to write key and chain to; the extension decides: .p12 .pfx, .jks .ks, .pem (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l out-cert -d 'File for the certificate and its intermediates, PEM' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l out-key -d 'File for the private key, encrypted PKCS#8 in PEM' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l alias -d 'Alias in keystores [default: the name]' -r
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
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l force -d 'Issue a further certificate although the name has a current one'
complete -c certroll -n "__fish_certroll_using_subcommand issue" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand issue" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issue" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand issue" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l renew-before -d 'When a certificate counts as due: a share of its lifetime (33%) or a duration (30d) before its end [default: its template\'s]' -r
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
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l due -d 'Only what is due; all of it when nothing is named'
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l reuse-key -d 'Keep the key'
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand rotate" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l renew-before -d 'When a certificate counts as due: a share of its lifetime (33%) or a duration (30d) before its end [default: its template\'s]' -r
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
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l due -d 'Only what is due; all of it when nothing is named'
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l reuse-key -d 'Keep the key'
complete -c certroll -n "__fish_certroll_using_subcommand renew" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand renew" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand renew" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -s r -l reason -d 'Reason of RFC 5280: unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation or privilegeWithdrawn' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l break-glass -d 'If the log cannot be written, revoke all the same: the record is kept outside the home (CERTROLL_STATE_DIR, or the user\'s state directory) and merged into the log by the next command that can'
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -l detailed-exitcode -d 'Exit with 10 instead of 0 when something changed'
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand revoke" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l keystore -d 'Keystore to write key and chain to; the extension decides: .p12 .pfx, .jks .ks, .pem (repeatable)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l out-cert -d 'File for the certificate and its intermediates, PEM' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l out-key -d 'File for the private key, encrypted PKCS#8 in PEM' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l alias -d 'Alias in keystores [default: the name]' -r
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand deliver" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand restore" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand restore" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand restore" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand restore" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand restore" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand restore" -s V -l version -d 'Print version'
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
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand inspect" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create list show crl export" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create list show crl export" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create list show crl export" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create list show crl export" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create list show crl export" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create list show crl export" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create list show crl export" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create list show crl export" -f -a "create" -d 'Create a CA: a root, or with --issuer one below another CA'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create list show crl export" -f -a "list" -d 'List the CAs'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create list show crl export" -f -a "show" -d 'Show a CA with its certificates and its CRL'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create list show crl export" -f -a "crl" -d 'Write the CRL of a CA; sign a new one first with --renew, or when there is none or it is past half of its time'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and not __fish_seen_subcommand_from create list show crl export" -f -a "export" -d 'Write the certificates of a CA and those above it: as PEM, or as a truststore that Java reads'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l issuer -d 'CA of the home that signs it; without one it is a root' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l subject -d 'Subject: "DC=com, DC=example, OU=a, OU=b, CN=Corp CA", first attribute first [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -s t -l template -d 'Template [default: root-ca, or issuing-ca with --issuer]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l key -d 'Kind of key: rsa:3072, rsa:4096, ec:p256, ec:p384 or ed25519 [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l ttl -d 'Lifetime: 10y, 3650d [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l path-length -d 'How many CAs may stand below it in a chain [default: the template\'s]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -l permit -d 'Names it may issue for: dns:example.net, ip:10.0.0.0/8, email:example.net, dir:DN (repeatable)' -r
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
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from list" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
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
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -s o -l out -d 'File to write; .pem for PEM, else DER; standard output in PEM when left out' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l next-update -d 'Time until its next update; with --renew [default: 7d]' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -l renew -d 'Sign a new one now'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from crl" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -s o -l out -d 'File to write; the extension decides: .pem .crt, .p12, .jks. Other entries of an existing truststore stay' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l storepass-file -d 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l storepass-command -d 'Command that prints the password for keys and keystores' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand ca; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand template; and not __fish_seen_subcommand_from list show" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
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
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand template; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand policy; and not __fish_seen_subcommand_from list show" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
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
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand policy; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test" -f -a "list" -d 'List the issuers of the home: its CAs, and those elsewhere that certroll.toml names'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test" -f -a "capabilities" -d 'Show what an issuer can do: keys, names, lifetimes, reasons of revocation'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and not __fish_seen_subcommand_from list capabilities test" -f -a "test" -d 'Check that an issuer is ready: reachable, its credentials good, its certificates valid'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from list" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
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
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from capabilities" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand issuer; and __fish_seen_subcommand_from test" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -f -a "show" -d 'Show records'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -f -a "verify" -d 'Verify the log: of the home, or an export, a published directory or a receipt where there is neither home nor secret'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -f -a "export" -d 'Write the log to a file, and record that it was handed out'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -f -a "receipt" -d 'Write one record with the proof that it is in the log (C2SP tlog-proof)'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -f -a "publish" -d 'Write the log into a directory that any web server can serve (C2SP tlog-tiles), or continue it there'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -f -a "cosign" -d 'As a witness, without the home: verify a log and cosign its checkpoint (C2SP tlog-cosignature)'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -f -a "cosigned" -d 'Take home what a witness cosigned: check it, keep it for receipts, and record it'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -f -a "events" -d 'List the events that are recorded, and the clauses that ask for them'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -f -a "report" -d 'Write a page about the log, for people: what was issued, revoked and refused, what ends when, who acted'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -f -a "reconcile" -d 'Compare the log with the inventory, the CAs\' CRLs, and certificates found in files and at TLS endpoints'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -f -a "heal" -d 'Bring back records that the home lost, from an export: after a database was restored from an old backup'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and not __fish_seen_subcommand_from show verify export receipt publish cosign cosigned events report reconcile heal new-origin" -f -a "new-origin" -d 'Begin a new log after records were truly lost: the old origin never signs again'
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
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -l follow -d 'Of cef and syslog, wait for new records until stopped; nothing is recorded and no passphrase is needed'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l event -d 'Record of this event, if there are several; of a certificate the default is its issuance' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -s o -l out -d 'Beginning of the names of both files, PREFIX.json and PREFIX.tlog-proof [default: record-NUMBER]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from receipt" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from publish" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
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
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosign" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosigned" -l policy -d 'Trust policy that lists the witnesses (C2SP tlog-policy) [default: log/policy of the home]' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosigned" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosigned" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosigned" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosigned" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosigned" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosigned" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from cosigned" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l clause -d 'Only events that a clause with this text asks for, such as "SR 2.8", "OVR-02" or "NERC"' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l format -d 'How results are written' -r -f -a "table\t'For people'
json\t'One JSON document'
ndjson\t'One JSON document a line'"
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from events" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -s o -l out -d 'HTML file to write' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from report" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
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
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -l no-record -d 'Only look: nothing is recorded, no passphrase is needed'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from reconcile" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from heal" -l from -d 'JSON Lines export with its checkpoint beside it, or the directory of an unpacked bundle' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from heal" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from heal" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from heal" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from heal" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from heal" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from heal" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from heal" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from new-origin" -l origin -d 'Whose log this is, such as a domain name: the beginning of the new origin' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from new-origin" -l comment -d 'Words for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from new-origin" -l ticket -d 'Ticket for the record' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from new-origin" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from new-origin" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from new-origin" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from new-origin" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from new-origin" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from new-origin" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c certroll -n "__fish_certroll_using_subcommand audit; and __fish_seen_subcommand_from new-origin" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand completions" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand completions" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand completions" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand completions" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand completions" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand completions" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand completions" -s V -l version -d 'Print version'
complete -c certroll -n "__fish_certroll_using_subcommand man" -l home -d 'Home directory; by default the nearest parent directory holding certroll.toml' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand man" -l passphrase-file -d 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand man" -l passphrase-command -d 'Command that prints the passphrase of the home' -r
complete -c certroll -n "__fish_certroll_using_subcommand man" -l identity-token-file -d 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified' -r -F
complete -c certroll -n "__fish_certroll_using_subcommand man" -s q -l quiet -d 'Say nothing on standard error but warnings and errors'
complete -c certroll -n "__fish_certroll_using_subcommand man" -s h -l help -d 'Print help'
complete -c certroll -n "__fish_certroll_using_subcommand man" -s V -l version -d 'Print version'
