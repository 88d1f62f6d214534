using System.IO.Compression;
using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>A library with models cut into stages, beside it and inside it, and an application that uses them.</summary>
public sealed class StagesTests(PackedFeed feed)
{
    private const string Program = """
        var pixels = Enumerable.Range(0, 128).Select(i => i % 7 / 7f).ToArray();
        using var whole = new Lib.WholeModel();
        using var expected = whole.Run(pixels);
        using var staged = new Lib.DigitsModel();
        using var embedded = new Lib.EmbeddedModel(new ModelBuild.Runtime.ModelOptions { StageProviders = [["cpu"], ["cpu"]] });
        using var first = staged.Run(pixels);
        using var second = embedded.Run(pixels);
        var scores = expected.Scores.ToArray();
        var equal = (First: scores.SequenceEqual(first.Scores.ToArray()), Second: scores.SequenceEqual(second.Scores.ToArray()));
        Console.WriteLine($"{equal.First} {equal.Second} {staged.Session.OutputNames[0]}");
        """;

    [Fact]
    public async Task Stages_reach_the_application_and_the_package_and_leave_when_the_item_is_whole_again()
    {
        var folder = feed.NewWorkspace("stages");
        folder.WriteModel("Lib/digits.onnx");
        WriteLibrary(folder, "Stages=\"2\"");
        folder.WriteProject("App/App.csproj", "<OutputType>Exe</OutputType>", """<ProjectReference Include="../Lib/Lib.csproj" />""");
        folder.Write("App/Program.cs", Program);

        var built = await folder.BuildAsync("build", "App");

        Assert.Empty(built.Codes);
        Assert.Equal("True True active", await folder.RunAsync("App/bin/Debug/net10.0/App.dll"));
        Assert.Equal(["Lib/DigitsModel.1.onnx", "Lib/DigitsModel.2.onnx", "Lib/WholeModel.onnx"], folder.Files("App/bin/Debug/net10.0/models"));
        Assert.Equal(0, (await folder.BuildAsync("build", "App", "--no-restore")).Starts("compress"));

        await folder.BuildAsync("pack", "Lib", "--no-restore", "-c", "Debug");
        using (var package = ZipFile.OpenRead(folder["Lib/bin/Debug/Lib.1.0.0.nupkg"]))
            Assert.Subset(
                package.Entries.Select(entry => entry.FullName).ToHashSet(),
                new HashSet<string> { "models/Lib/DigitsModel.1.onnx", "models/Lib/DigitsModel.2.onnx", "models/Lib/WholeModel.onnx" }
            );

        WriteLibrary(folder, "");
        await folder.BuildAsync("build", "Lib", "--no-restore");
        Assert.Equal(["Lib/DigitsModel.onnx", "Lib/WholeModel.onnx"], folder.Files("Lib/bin/Debug/net10.0/models"));
        Assert.DoesNotContain("DigitsModel.1.onnx", folder.Files("Lib/obj/Debug/net10.0/modelbuild"));
    }

    private static void WriteLibrary(Workspace folder, string stages) =>
        folder.WriteProject(
            "Lib/Lib.csproj",
            "<ModelBuildAccess>public</ModelBuildAccess>",
            $"""
            <OnnxModel Include="digits.onnx" Compression="int8-weights" {stages} />
            <OnnxModel Include="digits.onnx" Compression="int8-weights" ClassName="EmbeddedModel" Deploy="embed" Stages="2" />
            <OnnxModel Include="digits.onnx" Compression="int8-weights" ClassName="WholeModel" />
            """
        );
}
