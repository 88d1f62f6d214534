using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Tests.Items;

/// <summary>The settings of caches, and that no secret of an address gets into a request or a message.</summary>
public sealed class RemoteCacheSettingsTests : IDisposable
{
    private readonly TemporaryProject _project = new();
    private readonly TaskItem _defaults = new("defaults", new Dictionary<string, string> { ["AssemblyName"] = "App" });

    [Fact]
    public void Properties_are_in_the_request()
    {
        _defaults.SetMetadata("RemoteCache", " https://cache.example.com/modelbuild ");
        _defaults.SetMetadata("RemoteCachePush", "True");
        _defaults.SetMetadata("RemoteCacheVerify", "true");
        _defaults.SetMetadata("CacheSize", "5GB");

        var request = Assert.Single(Resolve(out var problems));

        Assert.Empty(problems);
        Assert.Equal(("https://cache.example.com/modelbuild", true, true, "5GB"), Settings(request));
    }

    [Fact]
    public void Without_properties_there_is_no_remote_cache() => Assert.Equal((null, false, false, null), Settings(Assert.Single(Resolve(out _))));

    [Theory]
    [InlineData("RemoteCache", "https://user:a-secret@cache.example.com", "The address of the remote cache contains a user name or a password")]
    [InlineData("RemoteCache", "cache.example.com", "The address of the remote cache must start with https://")]
    [InlineData("RemoteCachePush", "yes", "ModelBuildRemoteCachePush='yes' must be true or false.")]
    [InlineData("RemoteCacheVerify", "yes", "ModelBuildRemoteCacheVerify='yes' must be true or false.")]
    public void A_wrong_value_is_an_error_without_a_secret(string property, string value, string expected)
    {
        _defaults.SetMetadata(property, value);

        Assert.Empty(Resolve(out var problems));

        var problem = Assert.Single(problems);
        Assert.Equal(Codes.UnknownOption, problem.Code);
        Assert.StartsWith(expected, problem.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", problem.Text, StringComparison.Ordinal);
    }

    public void Dispose() => _project.Dispose();

    private static (string? Address, bool Push, bool Verify, string? Size) Settings(ModelRequest request) =>
        (request.RemoteCache, request.RemoteCachePush, request.RemoteCacheVerify, request.CacheSize);

    private IReadOnlyList<ModelRequest> Resolve(out IReadOnlyList<ModelProblem> problems)
    {
        _project.Write("Models/a.onnx", "");
        var resolver = new ModelResolver(_project.File, _project.Obj, _defaults);
        var requests = resolver.Resolve([TemporaryProject.Item("Models/a.onnx")], withData: true);
        problems = resolver.Problems;
        return requests;
    }
}
