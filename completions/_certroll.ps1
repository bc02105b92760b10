
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'certroll' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'certroll'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'certroll' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('quickstart', 'quickstart', [CompletionResultType]::ParameterValue, 'The whole story with real files on this machine, in under a minute')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a home: settings, database, log and its key')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check the health of the home: passphrase, log, CAs, CRLs, open intents')
            [CompletionResult]::new('issue', 'issue', [CompletionResultType]::ParameterValue, 'Issue a certificate, or many from a CSV')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Replace certificates by new ones, in the same files')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Replace certificates by new ones, in the same files')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke a certificate and sign the CRL that lists it')
            [CompletionResult]::new('deliver', 'deliver', [CompletionResultType]::ParameterValue, 'Write a certificate to its files again, or to further ones')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Bring back the file that a rotation replaced')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List certificates')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List certificates')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show everything about a certificate')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check whether certificates are due, expired or revoked; the exit code tells')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Look into a file: certificate, request, CRL, key, PKCS#12 or JKS')
            [CompletionResult]::new('ca', 'ca', [CompletionResultType]::ParameterValue, 'Create and look at the CAs of the home, and write their CRLs and truststores')
            [CompletionResult]::new('template', 'template', [CompletionResultType]::ParameterValue, 'Look at templates: what certificates look like')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Look at policies: what may be issued')
            [CompletionResult]::new('issuer', 'issuer', [CompletionResultType]::ParameterValue, 'Look at issuers: who signs')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Look at the audit log, verify it, hand it out')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the manual pages into a directory')
            break
        }
        'certroll;quickstart' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;init' {
            [CompletionResult]::new('--origin', '--origin', [CompletionResultType]::ParameterName, 'Whose log this is, such as a domain name: the beginning of the log''s origin, which auditors will see and nobody can change later')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;doctor' {
            [CompletionResult]::new('--comment', '--comment', [CompletionResultType]::ParameterName, 'Words for the record')
            [CompletionResult]::new('--ticket', '--ticket', [CompletionResultType]::ParameterName, 'Ticket for the record')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('--accept-clock', '--accept-clock', [CompletionResultType]::ParameterName, 'Record that the clock is right although the log has later records, so that certificates are issued again')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;issue' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Template: see `certroll template list`')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Template: see `certroll template list`')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'CA that signs [default: the one CA of the home that signs no other CA]')
            [CompletionResult]::new('--san', '--san', [CompletionResultType]::ParameterName, 'Further name: DNS name, IP address, e-mail address or URI, typed by its form, or dns: ip: email: uri: hwm: (repeatable)')
            [CompletionResult]::new('--subject', '--subject', [CompletionResultType]::ParameterName, 'Subject in place of the template''s: "O=Example, OU=a, OU=b, CN=x", first attribute first')
            [CompletionResult]::new('--csr', '--csr', [CompletionResultType]::ParameterName, 'Request that somebody brings, PEM or DER; its names are added, its key is certified')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Kind of key: rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384 or ed25519 [default: the template''s]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'Lifetime: 90d, 12h, 2y or never [default: the template''s]')
            [CompletionResult]::new('--param', '--param', [CompletionResultType]::ParameterName, 'Parameter of the template (repeatable)')
            [CompletionResult]::new('--keystore', '--keystore', [CompletionResultType]::ParameterName, 'Keystore to write key and chain to; the extension decides: .p12 .pfx, .jks .ks, .pem (repeatable)')
            [CompletionResult]::new('--out-cert', '--out-cert', [CompletionResultType]::ParameterName, 'File for the certificate and its intermediates, PEM')
            [CompletionResult]::new('--out-key', '--out-key', [CompletionResultType]::ParameterName, 'File for the private key, encrypted PKCS#8 in PEM')
            [CompletionResult]::new('--alias', '--alias', [CompletionResultType]::ParameterName, 'Alias in keystores [default: the name]')
            [CompletionResult]::new('--storepass-file', '--storepass-file', [CompletionResultType]::ParameterName, 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)')
            [CompletionResult]::new('--storepass-command', '--storepass-command', [CompletionResultType]::ParameterName, 'Command that prints the password for keys and keystores')
            [CompletionResult]::new('--comment', '--comment', [CompletionResultType]::ParameterName, 'Words for the record')
            [CompletionResult]::new('--ticket', '--ticket', [CompletionResultType]::ParameterName, 'Ticket for the record')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'CSV with a header; column name is required, san (parts separated by ;), csr and parameters of the template may follow')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Directory for files of each device, or FILE.ndjson for a line of each')
            [CompletionResult]::new('--out-format', '--out-format', [CompletionResultType]::ParameterName, 'Formats in the directory: pem, pkcs12, jks (repeatable) [default: NAME.pem with the chain and NAME.key.pem with the encrypted key]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Threads [default: one more than there are processors]')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Issue a further certificate although the name has a current one')
            [CompletionResult]::new('--detailed-exitcode', '--detailed-exitcode', [CompletionResultType]::ParameterName, 'Exit with 10 instead of 0 when something changed')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;rotate' {
            [CompletionResult]::new('--renew-before', '--renew-before', [CompletionResultType]::ParameterName, 'When a certificate counts as due: a share of its lifetime (33%) or a duration (30d) before its end [default: its template''s]')
            [CompletionResult]::new('--csr', '--csr', [CompletionResultType]::ParameterName, 'New request, for a certificate whose key was never in this home')
            [CompletionResult]::new('--storepass-file', '--storepass-file', [CompletionResultType]::ParameterName, 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)')
            [CompletionResult]::new('--storepass-command', '--storepass-command', [CompletionResultType]::ParameterName, 'Command that prints the password for keys and keystores')
            [CompletionResult]::new('--comment', '--comment', [CompletionResultType]::ParameterName, 'Words for the record')
            [CompletionResult]::new('--ticket', '--ticket', [CompletionResultType]::ParameterName, 'Ticket for the record')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('--due', '--due', [CompletionResultType]::ParameterName, 'Only what is due; all of it when nothing is named')
            [CompletionResult]::new('--reuse-key', '--reuse-key', [CompletionResultType]::ParameterName, 'Keep the key')
            [CompletionResult]::new('--detailed-exitcode', '--detailed-exitcode', [CompletionResultType]::ParameterName, 'Exit with 10 instead of 0 when something changed')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;renew' {
            [CompletionResult]::new('--renew-before', '--renew-before', [CompletionResultType]::ParameterName, 'When a certificate counts as due: a share of its lifetime (33%) or a duration (30d) before its end [default: its template''s]')
            [CompletionResult]::new('--csr', '--csr', [CompletionResultType]::ParameterName, 'New request, for a certificate whose key was never in this home')
            [CompletionResult]::new('--storepass-file', '--storepass-file', [CompletionResultType]::ParameterName, 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)')
            [CompletionResult]::new('--storepass-command', '--storepass-command', [CompletionResultType]::ParameterName, 'Command that prints the password for keys and keystores')
            [CompletionResult]::new('--comment', '--comment', [CompletionResultType]::ParameterName, 'Words for the record')
            [CompletionResult]::new('--ticket', '--ticket', [CompletionResultType]::ParameterName, 'Ticket for the record')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('--due', '--due', [CompletionResultType]::ParameterName, 'Only what is due; all of it when nothing is named')
            [CompletionResult]::new('--reuse-key', '--reuse-key', [CompletionResultType]::ParameterName, 'Keep the key')
            [CompletionResult]::new('--detailed-exitcode', '--detailed-exitcode', [CompletionResultType]::ParameterName, 'Exit with 10 instead of 0 when something changed')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;revoke' {
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Reason of RFC 5280: unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation or privilegeWithdrawn')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Reason of RFC 5280: unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation or privilegeWithdrawn')
            [CompletionResult]::new('--comment', '--comment', [CompletionResultType]::ParameterName, 'Words for the record')
            [CompletionResult]::new('--ticket', '--ticket', [CompletionResultType]::ParameterName, 'Ticket for the record')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('--break-glass', '--break-glass', [CompletionResultType]::ParameterName, 'If the log cannot be written, revoke all the same: the record is kept outside the home (CERTROLL_STATE_DIR, or the user''s state directory) and merged into the log by the next command that can')
            [CompletionResult]::new('--detailed-exitcode', '--detailed-exitcode', [CompletionResultType]::ParameterName, 'Exit with 10 instead of 0 when something changed')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;deliver' {
            [CompletionResult]::new('--keystore', '--keystore', [CompletionResultType]::ParameterName, 'Keystore to write key and chain to; the extension decides: .p12 .pfx, .jks .ks, .pem (repeatable)')
            [CompletionResult]::new('--out-cert', '--out-cert', [CompletionResultType]::ParameterName, 'File for the certificate and its intermediates, PEM')
            [CompletionResult]::new('--out-key', '--out-key', [CompletionResultType]::ParameterName, 'File for the private key, encrypted PKCS#8 in PEM')
            [CompletionResult]::new('--alias', '--alias', [CompletionResultType]::ParameterName, 'Alias in keystores [default: the name]')
            [CompletionResult]::new('--storepass-file', '--storepass-file', [CompletionResultType]::ParameterName, 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)')
            [CompletionResult]::new('--storepass-command', '--storepass-command', [CompletionResultType]::ParameterName, 'Command that prints the password for keys and keystores')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;restore' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;list' {
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Only from this template')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Only from this issuer')
            [CompletionResult]::new('--expires-within', '--expires-within', [CompletionResultType]::ParameterName, 'Only those that expire within that time')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('--current', '--current', [CompletionResultType]::ParameterName, 'Only those neither revoked nor replaced')
            [CompletionResult]::new('--revoked', '--revoked', [CompletionResultType]::ParameterName, 'Only revoked ones')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;ls' {
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Only from this template')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Only from this issuer')
            [CompletionResult]::new('--expires-within', '--expires-within', [CompletionResultType]::ParameterName, 'Only those that expire within that time')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('--current', '--current', [CompletionResultType]::ParameterName, 'Only those neither revoked nor replaced')
            [CompletionResult]::new('--revoked', '--revoked', [CompletionResultType]::ParameterName, 'Only revoked ones')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;show' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Replaced and revoked ones too, when the name has a current certificate')
            [CompletionResult]::new('--pem', '--pem', [CompletionResultType]::ParameterName, 'Print the certificate and its issuers as PEM instead')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;check' {
            [CompletionResult]::new('--renew-before', '--renew-before', [CompletionResultType]::ParameterName, 'When a certificate counts as due: a share of its lifetime (33%) or a duration (30d) before its end [default: its template''s]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;inspect' {
            [CompletionResult]::new('--storepass-file', '--storepass-file', [CompletionResultType]::ParameterName, 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)')
            [CompletionResult]::new('--storepass-command', '--storepass-command', [CompletionResultType]::ParameterName, 'Command that prints the password for keys and keystores')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;ca' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a CA: a root, or with --issuer one below another CA')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the CAs')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a CA with its certificates and its CRL')
            [CompletionResult]::new('crl', 'crl', [CompletionResultType]::ParameterValue, 'Write the CRL of a CA; sign a new one first with --renew, or when there is none or it is past half of its time')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write the certificates of a CA and those above it: as PEM, or as a truststore that Java reads')
            break
        }
        'certroll;ca;create' {
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'CA of the home that signs it; without one it is a root')
            [CompletionResult]::new('--subject', '--subject', [CompletionResultType]::ParameterName, 'Subject: "DC=com, DC=example, OU=a, OU=b, CN=Corp CA", first attribute first [default: the template''s]')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Template [default: root-ca, or issuing-ca with --issuer]')
            [CompletionResult]::new('--template', '--template', [CompletionResultType]::ParameterName, 'Template [default: root-ca, or issuing-ca with --issuer]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Kind of key: rsa:3072, rsa:4096, ec:p256, ec:p384 or ed25519 [default: the template''s]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'Lifetime: 10y, 3650d [default: the template''s]')
            [CompletionResult]::new('--path-length', '--path-length', [CompletionResultType]::ParameterName, 'How many CAs may stand below it in a chain [default: the template''s]')
            [CompletionResult]::new('--permit', '--permit', [CompletionResultType]::ParameterName, 'Names it may issue for: dns:example.net, ip:10.0.0.0/8, email:example.net, dir:DN (repeatable)')
            [CompletionResult]::new('--exclude', '--exclude', [CompletionResultType]::ParameterName, 'Names it may not issue for (repeatable)')
            [CompletionResult]::new('--crl-url', '--crl-url', [CompletionResultType]::ParameterName, 'URI of its CRL, for the certificates that it issues (repeatable)')
            [CompletionResult]::new('--ocsp-url', '--ocsp-url', [CompletionResultType]::ParameterName, 'URI of its OCSP responder, for the certificates that it issues (repeatable)')
            [CompletionResult]::new('--issuer-url', '--issuer-url', [CompletionResultType]::ParameterName, 'URI of its own certificate, for the certificates that it issues (repeatable)')
            [CompletionResult]::new('--comment', '--comment', [CompletionResultType]::ParameterName, 'Words for the record')
            [CompletionResult]::new('--ticket', '--ticket', [CompletionResultType]::ParameterName, 'Ticket for the record')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;ca;list' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;ca;show' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;ca;crl' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'File to write; .pem for PEM, else DER; standard output in PEM when left out')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'File to write; .pem for PEM, else DER; standard output in PEM when left out')
            [CompletionResult]::new('--next-update', '--next-update', [CompletionResultType]::ParameterName, 'Time until its next update; with --renew [default: 7d]')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('--renew', '--renew', [CompletionResultType]::ParameterName, 'Sign a new one now')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;ca;export' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'File to write; the extension decides: .pem .crt, .p12, .jks. Other entries of an existing truststore stay')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'File to write; the extension decides: .pem .crt, .p12, .jks. Other entries of an existing truststore stay')
            [CompletionResult]::new('--storepass-file', '--storepass-file', [CompletionResultType]::ParameterName, 'File whose first line protects keys and keystores (also CERTROLL_STOREPASS in the environment, or a prompt)')
            [CompletionResult]::new('--storepass-command', '--storepass-command', [CompletionResultType]::ParameterName, 'Command that prints the password for keys and keystores')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;template' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the templates')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print the text of a template: a good start for one of your own in the home''s `templates` directory')
            break
        }
        'certroll;template;list' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;template;show' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;policy' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the policies')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print the text of a policy: a good start for one of your own in the home''s `policies` directory')
            break
        }
        'certroll;policy;list' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;policy;show' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;issuer' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the issuers of the home and the kinds that this program knows')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Check that an issuer is ready: its key opens, its certificates are valid')
            break
        }
        'certroll;issuer;list' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;issuer;test' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;audit' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show records')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Verify the log: of the home, or an export on a machine that has neither home nor secret')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write the log to a file, and record that it was handed out')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'List the events that are recorded, and the clauses that ask for them')
            [CompletionResult]::new('heal', 'heal', [CompletionResultType]::ParameterValue, 'Bring back records that the home lost, from an export: after a database was restored from an old backup')
            [CompletionResult]::new('new-origin', 'new-origin', [CompletionResultType]::ParameterValue, 'Begin a new log after records were truly lost: the old origin never signs again')
            break
        }
        'certroll;audit;show' {
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'Only this event, such as cert.issued: see `certroll audit events`')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'From this sequence number on')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only the last so many')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Only the last so many')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;audit;verify' {
            [CompletionResult]::new('--checkpoint', '--checkpoint', [CompletionResultType]::ParameterName, 'Signed checkpoint [default: FILE.jsonl.checkpoint]')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Public key of the log, or the file that holds it: the one you were given when the log began')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;audit;export' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'File to write; a JSON Lines export gets FILE.checkpoint and FILE.vkey beside it')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'File to write; a JSON Lines export gets FILE.checkpoint and FILE.vkey beside it')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'jsonl: the exact records, verifiable; csv: a table for people')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;audit;events' {
            [CompletionResult]::new('--clause', '--clause', [CompletionResultType]::ParameterName, 'Only events that a clause with this text asks for, such as "SR 2.8", "OVR-02" or "NERC"')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How results are written')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;audit;heal' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'JSON Lines export with its checkpoint beside it, or the directory of an unpacked bundle')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;audit;new-origin' {
            [CompletionResult]::new('--origin', '--origin', [CompletionResultType]::ParameterName, 'Whose log this is, such as a domain name: the beginning of the new origin')
            [CompletionResult]::new('--comment', '--comment', [CompletionResultType]::ParameterName, 'Words for the record')
            [CompletionResult]::new('--ticket', '--ticket', [CompletionResultType]::ParameterName, 'Ticket for the record')
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;completions' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'certroll;man' {
            [CompletionResult]::new('--home', '--home', [CompletionResultType]::ParameterName, 'Home directory; by default the nearest parent directory holding certroll.toml')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of the home (also CERTROLL_PASSPHRASE in the environment, or a prompt)')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Command that prints the passphrase of the home')
            [CompletionResult]::new('--identity-token-file', '--identity-token-file', [CompletionResultType]::ParameterName, 'File with the OpenID Connect ID token of the pipeline that runs this: recorded as who acts, once verified')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
