using ModelBuild.Integration.Tests.Building;
using ModelBuild.Testing.Servers;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>Two users with a cache folder each, and one server.</summary>
public sealed class RemoteCacheTests(PackedFeed feed)
{
    private const string Model = "App/bin/Debug/net10.0/models/App/DigitsModel.onnx";

    [Fact]
    public async Task The_second_user_gets_the_bytes_of_the_first_and_the_log_has_no_secret()
    {
        using var server = new SmallServer();
        var first = User("remote-one", server);
        first.Environment["MODELBUILD_REMOTE_CACHE_USER"] = CacheServer.User;
        first.Environment["MODELBUILD_REMOTE_CACHE_PASSWORD"] = CacheServer.Password;
        var second = User("remote-two", server);

        var written = await first.BuildAsync("build", "App", "-p:ModelBuildRemoteCachePush=true");
        var read = await second.BuildAsync("build", "App", "-p:ModelBuildRemoteCacheVerify=true");

        Assert.Empty(written.Codes.Concat(read.Codes));
        Assert.Contains(read.Texts, text => text.Contains("(from the remote cache)", StringComparison.Ordinal));
        Assert.Equal(first.Hash(Model), second.Hash(Model));
        Assert.Equal(3, server.Files.Length);
        Assert.DoesNotContain(written.Texts, text => text.Contains(CacheServer.Password, StringComparison.Ordinal));
        Assert.All(
            first.Files("App/obj").Where(file => file.Contains("modelbuild/", StringComparison.Ordinal)),
            file => Assert.DoesNotContain(CacheServer.Password, File.ReadAllText(first["App/obj/" + file]), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_server_that_is_dead_is_one_warning_of_a_build_of_two_projects()
    {
        using var server = new SmallServer();
        var user = User("remote-dead", server);
        user.WriteModel("Library/Models/other.onnx", seed: 79);
        user.WriteProject("Library/Library.csproj", "<ModelBuildAccess>public</ModelBuildAccess>");
        user.WriteProject("App/App.csproj", "<OutputType>Exe</OutputType>", """<ProjectReference Include="../Library/Library.csproj" />""");
        server.Dispose();

        // With one process of MSBuild, both projects share the state of the server.
        var result = await user.BuildAsync("build", "App", "-m:1");

        Assert.Equal("MB1050", Assert.Single(result.Warnings).Code);
        Assert.True(File.Exists(user[Model]));
    }

    private Workspace User(string name, SmallServer server)
    {
        var folder = feed.NewWorkspace(name);
        folder.WriteModel("App/Models/digits.onnx", seed: 78);
        folder.Write("App/Program.cs", "System.Console.WriteLine(new App.DigitsModel().Session.OutputNames[0]);");
        folder.WriteProject("App/App.csproj", "<OutputType>Exe</OutputType>");
        folder.Environment["ModelBuildCacheDirectory"] = folder["cache"];
        folder.Environment["MODELBUILD_REMOTE_CACHE"] = server.Address.AbsoluteUri;
        return folder;
    }
}
