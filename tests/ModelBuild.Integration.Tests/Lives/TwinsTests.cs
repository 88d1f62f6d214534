using System.IO.Compression;
using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>The same project in two places, built at the same moment under different circumstances with one empty cache between them.</summary>
public sealed class TwinsTests(PackedFeed feed)
{
    [Fact]
    public async Task Twins_get_the_same_bytes()
    {
        var one = Twin("twin-one");
        var other = Twin("other-twin");
        foreach (var twin in new[] { one, other })
            twin.Environment["ModelBuildCacheDirectory"] = one["empty cache"];
        // The second user has decimal commas and a dotless i, and builds on a build server.
        other.Environment["LC_ALL"] = "tr_TR.UTF-8";
        var sources = other.Files("App");

        var results = await Task.WhenAll(
            one.BuildAsync("build", "App"),
            other.BuildAsync(
                "build",
                "App",
                "-p:ContinuousIntegrationBuild=true",
                "-p:EmbedUntrackedSources=true",
                "-p:DebugType=embedded",
                "-p:BaseIntermediateOutputPath=" + other["elsewhere/obj/"],
                "-p:OutputPath=" + other["elsewhere/bin/"]
            )
        );

        Assert.All(results, result => Assert.Empty(result.Codes));
        Assert.Equal(one.Hash("App/bin/Debug/net10.0/models/App/DigitsModel.onnx"), other.Hash("elsewhere/bin/models/App/DigitsModel.onnx"));
        foreach (var file in new[] { "DigitsModel.onnx", "DigitsModel.receipt.json", "DigitsModel.signature.json" })
            Assert.Equal(one.Hash("App/obj/Debug/net10.0/modelbuild/" + file), other.Hash("elsewhere/obj/Debug/net10.0/modelbuild/" + file));
        // The build writes no file beside the sources, which may be read-only.
        Assert.Equal(sources, other.Files("App"));
        AssertNoWeights(one, results[0].Log);
    }

    private Workspace Twin(string name)
    {
        var folder = feed.NewWorkspace(name);
        folder.WriteModel("App/Models/digits.onnx", seed: 77);
        folder.Write("App/Program.cs", AppLife.Program);
        folder.WriteProject("App/App.csproj", "<OutputType>Exe</OutputType>");
        return folder;
    }

    // Logs are given to other people. If a log contained the model, it would contain 64 bytes from the middle of the weights.
    private static void AssertNoWeights(Workspace folder, string log)
    {
        var model = File.ReadAllBytes(folder["App/Models/digits.onnx"]);
        using var file = File.OpenRead(log);
        using var text = new GZipStream(file, CompressionMode.Decompress);
        using var content = new MemoryStream();
        text.CopyTo(content);
        Assert.Equal(-1, content.ToArray().AsSpan().IndexOf(model.AsSpan(model.Length / 2, 64)));
    }
}
