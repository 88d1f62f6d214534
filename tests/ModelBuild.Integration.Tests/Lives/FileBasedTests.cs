using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>An application that is one source file, with its model beside it.</summary>
public sealed class FileBasedTests(PackedFeed feed)
{
    [Fact]
    public async Task A_source_file_runs_with_the_model_beside_it_and_sees_another_one()
    {
        var folder = feed.NewWorkspace("file");
        // On Linux and macOS the SDK builds such applications in this folder, which must exist.
        folder.Environment["XDG_DATA_HOME"] = Directory.CreateDirectory(folder["data"]).FullName;
        folder.WriteModel("Models/digits.onnx", seed: 1);
        // This file is in a deeper folder, so it is not a model of the application.
        folder.Write("other/project/broken.onnx", "no model");
        // File-based applications are prepared for NativeAOT by default. This is turned off, because its packs would be downloaded.
        folder.Write(
            "app.cs",
            $"""
            #:property PublishAot=false
            #:package ModelBuild@{folder.Version}
            using var model = new DigitsModel(new ModelOptions());
            using var result = model.Run(Enumerable.Range(0, 64).Select(i => i % 7f).ToArray());
            Console.WriteLine(string.Join(" ", result.Scores.Span.ToArray()));
            """
        );

        var first = await RunAsync(folder);
        Assert.Equal(first, await RunAsync(folder));
        folder.WriteModel("Models/digits.onnx", seed: 2);
        Assert.NotEqual(first, await RunAsync(folder));
    }

    private static async Task<string> RunAsync(Workspace folder)
    {
        var (exitCode, output) = await Dotnet.RunAsync(Machine.Dotnet, ["run", "app.cs"], folder.Root, folder.Environment);
        Assert.True(exitCode == 0, output);
        // The last line has ten numbers. The build may write lines before it.
        var scores = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Equal(10, scores.Split(' ').Length);
        return scores;
    }
}
