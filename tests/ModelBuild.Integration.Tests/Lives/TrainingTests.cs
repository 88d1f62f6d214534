using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>A project whose recipe trains: without trained values, with them, with stale ones, and with training in the build.</summary>
public sealed class TrainingTests(PackedFeed feed)
{
    private const string Recipe = "prune fine-tune(steps=2)";
    private const string Command = "modelbuild train digits.onnx --compression \"prune fine-tune(steps=2)\" --training-data \"train/*.npz\" --min-sqnr 1";

    [Fact]
    public async Task Builds_use_trained_values_and_say_when_they_are_missing_or_stale()
    {
        var folder = Project("trained");

        var missing = await folder.TryBuildAsync("build", "App");
        Assert.Equal(["MB1043"], missing.Codes);
        Assert.Contains(Command, Assert.Single(missing.Errors).Message, StringComparison.Ordinal);

        await TrainAsync(folder);
        Assert.Empty((await folder.BuildAsync("build", "App", "--no-restore")).Codes);
        Assert.Contains("\"training\"", Receipt(folder), StringComparison.Ordinal);
        Assert.Equal(0, (await folder.BuildAsync("build", "App", "--no-restore")).Starts("compress"));

        folder.WriteModel("App/digits.onnx", seed: 2);
        var stale = await folder.TryBuildAsync("build", "App", "--no-restore");
        Assert.Equal(["MB1044"], stale.Codes);
        Assert.Contains(Command, Assert.Single(stale.Errors).Message, StringComparison.Ordinal);

        await TrainAsync(folder);
        Assert.Empty((await folder.BuildAsync("build", "App", "--no-restore")).Codes);

        // A machine without the training data can build as well.
        Directory.Delete(folder["App/train"], recursive: true);
        Assert.Empty((await folder.BuildAsync("build", "App", "--no-restore")).Codes);
    }

    [Fact]
    public async Task A_build_trains_where_the_project_allows_it_and_keeps_the_result_in_the_cache()
    {
        var folder = Project("trains");

        Assert.Empty((await folder.BuildAsync("build", "App", "-p:ModelBuildTrain=true")).Codes);
        var model = File.ReadAllBytes(folder["App/obj/Debug/net10.0/modelbuild/DigitsModel.onnx"]);
        Directory.Delete(folder["App/obj/Debug/net10.0/modelbuild"], recursive: true);
        var again = await folder.BuildAsync("build", "App", "--no-restore", "-p:ModelBuildTrain=true");

        Assert.Empty(again.Codes);
        Assert.Contains(again.Texts, text => text.Contains("(from the cache)", StringComparison.Ordinal));
        Assert.Equal(model, File.ReadAllBytes(folder["App/obj/Debug/net10.0/modelbuild/DigitsModel.onnx"]));
    }

    private static string Receipt(Workspace folder) => File.ReadAllText(folder["App/obj/Debug/net10.0/modelbuild/DigitsModel.receipt.json"]);

    // Runs the command that the message names, in the folder of the project, with the program of the package.
    private static async Task TrainAsync(Workspace folder)
    {
        string[] command = ["train", "digits.onnx", "--compression", Recipe, "--training-data", "train/*.npz", "--min-sqnr", "1"];
        var program = folder[$"../../packages/modelbuild/{folder.Version}/tools/net10.0/modelbuild.dll"];
        var (exitCode, output) = await Dotnet.RunAsync(Machine.Dotnet, [program, .. command], folder["App"]);
        Assert.True(exitCode == 0, output);
        Assert.Contains("digits.trained.safetensors", output, StringComparison.Ordinal);
    }

    private Workspace Project(string name)
    {
        var folder = feed.NewWorkspace(name);
        folder.WriteModel("App/digits.onnx");
        Directory.CreateDirectory(folder["App/train"]);
        Numpy.Npz(folder["App/train/x.npz"], ("pixels", Numpy.Array([60, 64], Noise.Floats(60 * 64))));
        folder.WriteProject(
            "App/App.csproj",
            "<OutputType>Exe</OutputType>",
            $"""<OnnxModel Update="digits.onnx" Compression="{Recipe}" TrainingData="train/*.npz" MinSqnr="1" />"""
        );
        folder.Write("App/Program.cs", "System.Console.WriteLine(new App.DigitsModel().Session.OutputNames[0]);");
        return folder;
    }
}
