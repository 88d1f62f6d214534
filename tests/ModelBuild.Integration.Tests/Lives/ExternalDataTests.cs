using ModelBuild.Integration.Tests.Building;
using ModelBuild.Onnx;

namespace ModelBuild.Integration.Tests.Lives;

public sealed class ExternalDataTests(PackedFeed feed)
{
    [Fact]
    public async Task Weights_in_another_file_and_calibration_data_count_as_the_model_does()
    {
        var folder = feed.NewWorkspace("external");
        Save(folder, seed: 1);
        folder.Write("App/Program.cs", AppLife.Program);
        folder.WriteProject("App/App.csproj", "<OutputType>Exe</OutputType>");
        var first = await folder.BuildAsync("build", "App");
        Assert.Empty(first.Codes);
        var (_, printed) = await Dotnet.RunAsync(Machine.Dotnet, ["run", "--project", "App", "--no-restore"], folder.Root, folder.Environment);
        Assert.Matches(@"^rows 2 best \d$", printed.Trim());
        var before = folder.Hash("App/bin/Debug/net10.0/models/App/DigitsModel.onnx");

        var graph = File.GetLastWriteTimeUtc(folder["App/digits.onnx"]);
        Save(folder, seed: 2);
        File.SetLastWriteTimeUtc(folder["App/digits.onnx"], graph);
        var changed = await folder.BuildAsync("build", "App", "--no-restore");
        Assert.Equal(1, changed.Starts("compress"));
        Assert.NotEqual(before, folder.Hash("App/bin/Debug/net10.0/models/App/DigitsModel.onnx"));
        Assert.False(changed.Compiled);
    }

    // The graph has the same bytes with each seed, and only the external weights differ.
    private static void Save(Workspace folder, int seed)
    {
        Directory.CreateDirectory(folder["App"]);
        TinyModels.Classifier(seed).Save(folder["App/digits.onnx"], new OnnxSaveOptions { ExternalDataThreshold = 0 });
    }
}
