using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace ModelBuild.Testing.Servers;

/// <summary>nginx with the configuration of docs/scale.md. Debian has it in the package nginx-light.</summary>
public sealed class NginxServer : CacheServer
{
    private static readonly string[] Programs = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx"];

    private readonly Process? _process;

    /// <summary>Starts the server. Where nginx is not installed, the calling test is skipped.</summary>
    /// <param name="lines">More lines for the location of the files.</param>
    public NginxServer(string lines = "")
    {
        if (Array.Find(Programs, File.Exists) is not { } program)
        {
            Dispose();
            Assert.Skip("nginx is not installed (Debian: apt-get install nginx-light).");
            return;
        }

        Port = FreePort();
        Folder.Write("users", $"{User}:{{PLAIN}}{Password}\n");
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Folder.File("temp/body"));
        var start = new ProcessStartInfo(program, ["-p", Folder.Path, "-c", Folder.Write("nginx.conf", Configuration(lines)), "-e", Folder.File("error.log")]);
        _process = Process.Start(start)!;
        WaitUntilItListens(_process);
    }

    /// <inheritdoc/>
    protected override void Stop()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    // A single process keeps the user that runs the tests, so that it can read the folder.
    private string Configuration(string lines) =>
        $$"""
            daemon off;
            master_process off;
            pid nginx.pid;
            events {
                worker_connections 512;
            }
            http {
                access_log off;
                client_body_temp_path temp/body;
                proxy_temp_path temp/proxy;
                fastcgi_temp_path temp/fastcgi;
                uwsgi_temp_path temp/uwsgi;
                scgi_temp_path temp/scgi;
                client_max_body_size 4g;
                map $request_method $modelbuild_realm {
                    default "modelbuild";
                    GET off;
                    HEAD off;
                }
                server {
                    listen 127.0.0.1:{{Port}} backlog=512;
                    root {{Folder.File("files/.")}};
                    location ~ "^{{Prefix}}/(ac|cas)/[0-9a-f]{64}$" {
                        dav_methods PUT;
                        create_full_put_path on;
                        auth_basic $modelbuild_realm;
                        auth_basic_user_file {{Folder.File("users")}};
                        {{lines}}
                    }
                    location / {
                        return 404;
                    }
                }
            }

            """;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void WaitUntilItListens(Process process)
    {
        while (true)
        {
            Assert.False(
                process.HasExited,
                $"nginx did not start: {(File.Exists(Folder.File("error.log")) ? File.ReadAllText(Folder.File("error.log")) : "")}"
            );
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(5);
            }
        }
    }
}
