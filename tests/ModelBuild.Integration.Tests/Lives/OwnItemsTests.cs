using ModelBuild.Integration.Tests.Building;
using ModelBuild.Testing;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>Items that a project writes itself for .onnx files, folders that are not the project's, and names that the project chooses.</summary>
public sealed class OwnItemsTests(PackedFeed feed)
{
    private const string Program = """
        using var model = new App.SentencesModel();
        using var result = model.Run(new float[64]);
        var resources = typeof(App.SentencesModel).Assembly.GetManifestResourceNames();
        Console.WriteLine($"{result.Chances.Rows} {App.SentencesModel.OutputNames.Chances} {resources.Length}");
        """;

    private static readonly string[] _notSearched =
    [
        "venv/lib",
        "tools/.venv",
        "env/lib",
        "py/lib/site-packages/onnx",
        "web/node_modules/x",
        "sub/bin/Debug",
        "sub/obj",
        ".git/lfs",
        "tools/deep/venv/lib/site-packages",
    ];

    [Fact]
    public async Task What_the_project_writes_stays_and_is_told()
    {
        var folder = feed.NewWorkspace("own-items");
        foreach (var model in new[] { "digits", "content", "embedded", "published", "onnx_models/sentences/onnx/model" })
            folder.WriteModel($"App/{model}.onnx");
        foreach (var place in _notSearched)
            folder.WriteModel($"App/{place}/digits.onnx");
        folder.Write("App/env/pyvenv.cfg", "");
        folder.WriteModel("shared/linked.onnx");
        folder.Write("App/note.txt", "A resource that is no model.");
        folder.Write("App/Program.cs", Program);
        folder.WriteProject(
            "App/App.csproj",
            "<OutputType>Exe</OutputType><ModelBuildMinSqnrr>20</ModelBuildMinSqnrr>",
            """
            <None Update="digits.onnx" CopyToOutputDirectory="PreserveNewest" />
            <Content Include="content.onnx" CopyToOutputDirectory="Always" />
            <EmbeddedResource Include="embedded.onnx" LogicalName="embedded" />
            <EmbeddedResource Include="note.txt" />
            <None Update="published.onnx" CopyToPublishDirectory="Always" />
            <None Include="../shared/linked.onnx" Link="Linked/linked.onnx" CopyToOutputDirectory="PreserveNewest" />
            <OnnxModel Update="onnx_models/sentences/onnx/model.onnx" Names="scores=Chances" MinSqnrr="20" />
            """
        );

        var first = await folder.BuildAsync("build", "App", "-p:ModelBuildStage=1");

        Assert.Equal(
            [
                "MB1035 App.csproj",
                "MB1035 App.csproj",
                "MB1035 App.csproj",
                "MB1036 content.onnx",
                "MB1036 digits.onnx",
                "MB1036 embedded.onnx",
                "MB1036 linked.onnx",
                "MB1036 published.onnx",
            ],
            first.Warnings.Select(warning => $"{warning.Code} {Path.GetFileName(warning.File)}").Order(StringComparer.Ordinal)
        );
        var output = folder.Files("App/bin/Debug/net10.0").Where(file => file.EndsWith(".onnx", StringComparison.Ordinal));
        Assert.Equal(
            [
                "Linked/linked.onnx",
                "content.onnx",
                "digits.onnx",
                "models/App/ContentModel.onnx",
                "models/App/DigitsModel.onnx",
                "models/App/EmbeddedModel.onnx",
                "models/App/LinkedModel.onnx",
                "models/App/PublishedModel.onnx",
                "models/App/SentencesModel.onnx",
            ],
            output
        );
        Assert.Equal(folder.Hash("App/digits.onnx"), folder.Hash("App/bin/Debug/net10.0/digits.onnx"));
        Assert.Equal("1 scores 2", await folder.RunAsync("App/bin/Debug/net10.0/App.dll"));

        var again = await folder.BuildAsync("build", "App", "--no-restore", "-p:NoWarn=MB1035%3BMB1036");
        Assert.Empty(again.Codes);
        Assert.Equal((0, 0), (again.Starts("inspect"), again.Starts("compress")));
    }

    [Fact]
    public async Task Projects_without_an_SDK_leave_the_same_folders_alone()
    {
        var folder = feed.NewWorkspace("old-style");
        folder.WriteModel("App/Models/digits.onnx");
        foreach (var place in _notSearched.Where(place => place != "env/lib"))
            folder.WriteModel($"App/{place}/digits.onnx");
        folder.Write("App/App.csproj", $"""<Project><Import Project="{Path.Combine(Corpus.Repository, "build", "ModelBuild.props")}" /></Project>""");

        var (exitCode, output) = await Dotnet.RunAsync(Machine.Dotnet, ["msbuild", "App/App.csproj", "-getItem:OnnxModel", "-nodeReuse:false"], folder.Root);

        Assert.True(exitCode == 0, output);
        Assert.Contains("\"Identity\": \"Models/digits.onnx\"", output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n'), line => line.Contains("\"Identity\"", StringComparison.Ordinal));
    }
}
