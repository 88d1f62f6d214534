using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Testing.Servers;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary>The remote cache of builds and of <c>compress</c>, with a server in this process.</summary>
public sealed class RemoteCacheTests : BuildTests
{
    private readonly SmallServer _server = new();

    [Fact]
    public void A_build_reads_what_another_has_written_and_no_file_or_line_has_the_secret()
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        var first = Writer().Run("build-compress", Request("FirstModel", Remote("one", push: true)));
        var second = Program().Run("build-compress", Request("SecondModel", Remote("two", push: false)));

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.DoesNotContain("cache", first.Output, StringComparison.Ordinal);
        Assert.Contains("(from the remote cache)", second.Output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Obj("FirstModel.onnx")), File.ReadAllBytes(Obj("SecondModel.onnx")));
        var written = Folder.Names().Select(name => Path.Combine(Folder.Path, name)).Where(File.Exists).Select(File.ReadAllText).ToArray();
        Assert.InRange(written.Length, 10, 1000);
        Assert.All([.. written, first.Output, first.Error], text => Assert.DoesNotContain(CacheServer.Password, text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_wrong_password_is_one_warning_for_all_models_without_the_password()
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        Product().Weight("v", 64, 8).Node("MatMul", "y v", "z").Output("z", DataType.Float, -1, 8).Save(Folder.File("Models/other.onnx"));

        var result = Program()
            .With("MODELBUILD_REMOTE_CACHE", Address)
            .With("MODELBUILD_REMOTE_CACHE_USER", CacheServer.User)
            .With("MODELBUILD_REMOTE_CACHE_PASSWORD", "a-wrong-password")
            .Run(
                "build-compress",
                Request("FirstModel", Remote("one", push: true)),
                Request("OtherModel", [.. Remote("one", push: true), ("model", Folder.File("Models/other.onnx"))])
            );

        Assert.Equal(0, result.ExitCode);
        var warning = Assert.Single(Lines(result.Output), line => line.Contains("MB1050", StringComparison.Ordinal));
        Assert.StartsWith($"{Folder.File("Models/digits.onnx")} : warning MB1050: The remote cache 'http://127.0.0.1:", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("a-wrong-password", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Empty(_server.Files);
    }

    [Fact]
    public void A_dead_server_is_one_warning_in_all_starts_of_one_build()
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        _server.Dispose();
        string[] state = ["--remote-cache-state", Folder.File("state")];

        var first = Program().Run(["build-compress", .. state, Request("FirstModel", Remote("one", push: false))]);
        var second = Program().Run(["build-compress", .. state, Request("SecondModel", Remote("two", push: false))]);

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Single(Lines(first.Output), line => line.Contains("MB1050", StringComparison.Ordinal));
        Assert.DoesNotContain("MB1050", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Compress_uses_the_server_of_the_option_or_of_the_environment()
    {
        Product().Save(Folder.File("digits.onnx"));
        string[] command = ["compress", "digits.onnx", "--json"];

        var alone = Program().Run([.. command, "-o", "a.onnx"]);
        var first = Writer()
            .With("ModelBuildCacheDirectory", Folder.File("one"))
            .Run([.. command, "-o", "b.onnx", "--remote-cache", Address, "--remote-cache-push"]);
        var second = Program()
            .With("ModelBuildCacheDirectory", Folder.File("two"))
            .With("MODELBUILD_REMOTE_CACHE", Address)
            .Run([.. command, "-o", "c.onnx", "--remote-cache-verify"]);

        Assert.Equal(("", "", ""), (alone.Error, first.Error, second.Error));
        Assert.Equal((alone.Output, alone.Output), (first.Output, second.Output));
        Assert.Equal(3, _server.Files.Length);
        Assert.Equal(1, _server.Requests.Count(request => request.StartsWith("PUT ac", StringComparison.Ordinal)));
        Assert.Equal(File.ReadAllBytes(Folder.File("a.onnx")), File.ReadAllBytes(Folder.File("b.onnx")));
        Assert.Equal(File.ReadAllBytes(Folder.File("a.onnx")), File.ReadAllBytes(Folder.File("c.onnx")));
    }

    [Fact]
    public void A_dead_server_does_not_stop_compress()
    {
        Product().Save(Folder.File("digits.onnx"));
        _server.Dispose();

        var result = Program().With("ModelBuildCacheDirectory", Folder.File("one")).Run("compress", "digits.onnx", "--remote-cache", Address);

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("digits.onnx : warning MB1050: The remote cache ", Assert.Single(Lines(result.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_the_address_is_an_error_that_does_not_repeat_it()
    {
        Product().Save(Folder.File("digits.onnx"));

        var result = Program().Run("compress", "digits.onnx", "--remote-cache", "https://user:a-secret@cache.example.com");

        result.Fails(2, "MB1005", "digits.onnx", "contains a user name or a password");
        Assert.DoesNotContain("a-secret", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--remote-cache-push")]
    [InlineData("--remote-cache-verify")]
    public void An_option_for_a_server_without_an_address_is_an_error(string option)
    {
        Product().Save(Folder.File("digits.onnx"));

        var result = Program().Run("compress", "digits.onnx", option);

        result.Fails(2, "MB1005", "digits.onnx", $"{option} needs a server. Name it with --remote-cache, ");
        Assert.Equal(["digits.onnx"], Directory.GetFiles(Folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nowhere")]
    [InlineData("https://cache.example.com/modelbuild")]
    [InlineData("http://127.0.0.1/modelbuild")]
    public void A_secret_is_not_sent_to_a_server_that_only_the_project_names(string trusted)
    {
        Product().Save(Folder.File("Models/digits.onnx"));

        var result = Writer().With("MODELBUILD_REMOTE_CACHE", trusted).Run("build-compress", Request("FirstModel", Remote("one", push: true)));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(
            "The secret is not sent to this server, because MODELBUILD_REMOTE_CACHE does not name its scheme, host and port.",
            Assert.Single(Lines(result.Output), line => line.Contains("MB1050", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.Empty(_server.Secrets);
        Assert.StartsWith("GET ac/", Assert.Single(_server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_a_result_of_another_machine_makes_no_lines()
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        Program().Run("build-compress", Request("FirstModel"));
        var path = Assert.Single(Directory.EnumerateFiles(Folder.File("cache"), "receipt.json", SearchOption.AllDirectories));
        var list = Path.Combine(Path.GetDirectoryName(path)!, "hashes.txt");
        var old = ContentHash(path);
        var receipt = JsonNode.Parse(File.ReadAllText(path))!;
        receipt["recipe"]!["steps"] = new JsonArray("int8\n/a.cs : error MB1001: forged");
        receipt["warnings"] = new JsonArray(new JsonObject { ["code"] = "MB1011", ["text"] = "x\r\n/a.cs : error MB1001: forged" });
        File.WriteAllText(path, receipt.ToJsonString());
        File.WriteAllText(list, File.ReadAllText(list).Replace(old, ContentHash(path), StringComparison.Ordinal));

        var result = Program().Run("build-compress", Request("SecondModel"));

        Assert.Contains("(from the cache)", result.Output, StringComparison.Ordinal);
        Assert.Contains("forged", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Lines(result.Output), line => line.StartsWith("/a.cs", StringComparison.Ordinal));
    }

    [Fact]
    public void Info_prune_clear_and_check_maintain_the_folder()
    {
        Product().Save(Folder.File("Models/digits.onnx"));
        Program().Run("build-compress", Request("DigitsModel"));
        string[] folder = ["--folder", Folder.File("cache")];

        var info = Cache(["info", .. folder, "--size", "5GB"]);
        Assert.Matches($@"^folder   {Folder.File("cache")}\nentries  1\nbytes    [1-9][\d,]+\nlimit    5,000,000,000\n$", info.Output);
        Assert.Equal("1 entry in the folder, 0 damaged\n", Cache(["check", .. folder]).Output);
        Assert.Equal("0 entries removed, 0 bytes\n", Cache(["prune", .. folder]).Output);

        var model = Assert.Single(Directory.EnumerateFiles(Folder.File("cache"), "model.onnx", SearchOption.AllDirectories));
        File.AppendAllText(model, "x");
        var check = Program().Run(["cache", "check", .. folder]);
        Assert.Equal((1, $"damaged: {Path.GetDirectoryName(model)}\n1 entry in the folder, 1 damaged\n"), (check.ExitCode, check.Output));

        Assert.Matches(@"^1 entry removed, [1-9][\d,]+ bytes\n$", Cache(["prune", .. folder, "--size", "1B"]).Output);
        Assert.Equal("0 entries removed, 0 bytes\n", Cache(["clear", .. folder]).Output);
        Assert.Matches("entries  0", Cache(["info", .. folder]).Output);
    }

    [Fact]
    public void Check_tries_the_server()
    {
        string[] command = ["cache", "check", "--folder", Folder.File("cache"), "--remote", Address];

        var reader = Program().Run(command);
        var writer = Writer().Run(command);
        var stranger = Program().With("MODELBUILD_REMOTE_CACHE", Address).With("MODELBUILD_REMOTE_CACHE_TOKEN", "a-wrong-token").Run(command);
        _server.Dispose();
        var dead = Program().Run(command);

        Assert.Equal((0, 0, 1, 1), (reader.ExitCode, writer.ExitCode, stranger.ExitCode, dead.ExitCode));
        Assert.Contains(
            "it can be read: yes\nit takes a file of this user and returns it: no\nreason: there is no secret",
            reader.Output,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "the server answers: yes\nit can be read: yes\nit takes a file of this user and returns it: yes\n",
            writer.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("reason: it answers 401 to a write", stranger.Output, StringComparison.Ordinal);
        Assert.Contains("the server answers: no\n", dead.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("a-wrong-token", stranger.Output + stranger.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_of_this_machine_is_asked_without_a_proxy()
    {
        var result = Writer()
            .With("http_proxy", "http://127.0.0.1:1")
            .With("HTTP_PROXY", "http://127.0.0.1:1")
            .Run("cache", "check", "--folder", Folder.File("cache"), "--remote", Address);

        Assert.Equal(0, result.ExitCode);
        Assert.EndsWith("it takes a file of this user and returns it: yes\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_or_a_time_limit_that_is_wrong_is_an_error()
    {
        Program().Run("cache", "check", "--folder", Folder.Path, "--remote", "nowhere").Fails(2, "MB1005", Folder.Path, "must start with https://");
        Program()
            .With("MODELBUILD_REMOTE_CACHE_TIMEOUT", "soon")
            .Run("cache", "check", "--folder", Folder.Path, "--remote", Address)
            .Fails(2, "MB1005", Folder.Path, "MODELBUILD_REMOTE_CACHE_TIMEOUT='soon' must be a number of seconds");
        Assert.Equal(2, Program().Run("cache", "sweep").ExitCode);
        foreach (var action in new[] { "info", "clear", "prune" })
            Program()
                .Run("cache", action, "--folder", Folder.Path, "--remote", Address)
                .Fails(2, "MB1005", Folder.Path, "--remote is an option of 'cache check' only.");
    }

    public override void Dispose()
    {
        _server.Dispose();
        base.Dispose();
    }

    private static string ContentHash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private string Address => _server.Address.AbsoluteUri;

    private ModelBuildProgram Writer() =>
        Program()
            .With("MODELBUILD_REMOTE_CACHE", Address)
            .With("MODELBUILD_REMOTE_CACHE_USER", CacheServer.User)
            .With("MODELBUILD_REMOTE_CACHE_PASSWORD", CacheServer.Password);

    private ModelBuildProgram.Result Cache(params string[] arguments)
    {
        var result = Program().Run(["cache", .. arguments]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result;
    }

    private (string Key, object Value)[] Remote(string machine, bool push) =>
        [("cache", Folder.File(machine)), ("remoteCache", Address), ("remoteCachePush", push)];
}
