using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>
/// A solution: two applications and a test project over two libraries, all but one with a model of the same file name. Built in each way in
/// which MSBuild can walk a graph, each time in a configuration of its own, so that each is a first build.
/// </summary>
public sealed class LibrariesLife(PackedFeed feed) : IAsyncLifetime
{
    private const string Print = """Console.WriteLine($"{Base.Answer.Best()} {Mid.Answer.Best()} {new First.DigitsModel().Run(new float[64]).Scores.Rows}");""";

    public Workspace Folder { get; } = feed.NewWorkspace("libraries");

    public BuildResult Parallel { get; private set; } = null!;

    public IReadOnlyList<string> ArtifactsOutput { get; private set; } = [];

    public string Printed { get; private set; } = "";

    public string Tested { get; private set; } = "";

    internal BuildResult Graph { get; private set; } = null!;

    public BuildResult Isolated { get; private set; } = null!;

    public BuildResult Threads { get; private set; } = null!;

    public BuildResult OneNode { get; private set; } = null!;

    public IReadOnlyList<string> Published { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Folder.Write(
            "Directory.Build.props",
            """<Project><PropertyGroup Condition="'$(InArtifacts)' == 'true'"><UseArtifactsOutput>true</UseArtifactsOutput></PropertyGroup></Project>"""
        );
        // C# 8 is the oldest version for which code is generated.
        WriteLibrary("Base", "", seed: 1, "<LangVersion>8.0</LangVersion><ImplicitUsings>disable</ImplicitUsings>");
        // No project sets PrivateAssets, so the test shows which assets flow to the applications by default.
        WriteLibrary("Mid", """<ProjectReference Include="../Base/Base.csproj" /><InternalsVisibleTo Include="First" />""", seed: 2);
        WriteApplication("First", Print, seed: 3);
        WriteApplication("Second", "Console.WriteLine(Mid.Answer.Best());", seed: null);
        Folder.WriteProject(
            "First.Tests/First.Tests.csproj",
            "<OutputType>Exe</OutputType><IsTestProject>true</IsTestProject><NoWarn>$(NoWarn);NU1603</NoWarn>",
            """
            <ProjectReference Include="../First/First.csproj" />
            <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />
            <PackageReference Include="xunit.v3.mtp-off" Version="4.0.2" />
            <PackageReference Include="xunit.runner.visualstudio" Version="4.0.1" />
            """
        );
        Folder.Write("First.Tests/Tests.cs", "public class Tests { [Xunit.Fact] public void Predicts() => Xunit.Assert.Equal(1, Mid.Answer.Best()); }");
        Folder.Write(
            "All.slnx",
            string.Concat([
                "<Solution>",
                .. new[] { "Base", "Mid", "First", "Second", "First.Tests" }.Select(name => $"""<Project Path="{name}/{name}.csproj" />"""),
                "</Solution>",
            ])
        );

        Parallel = await Folder.BuildAsync("build", "All.slnx", "-m:2", "-p:InArtifacts=true");
        ArtifactsOutput = Folder.Files("artifacts/bin");
        Printed = await Folder.RunAsync("artifacts/bin/First/debug/First.dll");

        Tested = (await Folder.BuildAsync("test", "First.Tests", "--no-build", "-p:InArtifacts=true")).Output;

        await Folder.BuildAsync("restore", "All.slnx");
        Graph = await Folder.BuildAsync("build", "All.slnx", "--no-restore", "-graph", "-m:2");
        Isolated = await Folder.BuildAsync("msbuild", "First/First.csproj", "-graph", "-isolate", "-p:Configuration=Isolated");
        Threads = await Folder.BuildAsync("msbuild", "First/First.csproj", "-mt", "-m:2", "-p:Configuration=Threads");
        OneNode = await Folder.BuildAsync("publish", "First", "--no-restore", "-m:1", "-c", "Release", "-o", Folder["published"]);
        Published = Folder.Files("published");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void WriteLibrary(string name, string items, int seed, string properties = "")
    {
        Folder.WriteModel($"{name}/digits.onnx", seed);
        Folder.Write(
            $"{name}/Answer.cs",
            $$"""
            namespace {{name}}
            {
                public static class Answer
                {
                    public static int Best() { using var model = new DigitsModel(); return model.Run(new float[64]).Scores.Rows; }
                }
            }
            """
        );
        Folder.WriteProject($"{name}/{name}.csproj", properties, items);
    }

    private void WriteApplication(string name, string program, int? seed)
    {
        if (seed is { } number)
            Folder.WriteModel($"{name}/digits.onnx", number);
        Folder.Write($"{name}/Program.cs", program);
        Folder.WriteProject($"{name}/{name}.csproj", "<OutputType>Exe</OutputType>", """<ProjectReference Include="../Mid/Mid.csproj" />""");
    }
}
