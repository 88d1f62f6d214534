using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

/// <summary>
/// The life of one console project, from the editor's first look at it to clean. The steps follow each other, so they run once, here; the
/// tests look at what each left.
/// </summary>
public sealed class AppLife(PackedFeed feed) : IAsyncLifetime
{
    /// <summary>A program that calls the wrapper. The same seed gives the same line.</summary>
    public const string Program = """
        var pixels = new float[128];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = i % 7;
        using var model = new App.DigitsModel();
        using var result = model.Run(pixels);
        Console.WriteLine($"rows {result.Scores.Rows} best {result.Scores.ArgMax(0)}");
        """;

    public Workspace Folder { get; } = feed.NewWorkspace("app");

    public BuildResult DesignTime { get; private set; } = null!;

    public BuildResult First { get; private set; } = null!;

    public IReadOnlyList<string> Output { get; private set; } = [];

    public string Printed { get; private set; } = "";

    public BuildResult Again { get; private set; } = null!;

    public BuildResult Touched { get; private set; } = null!;

    public bool TouchRewroteModel { get; private set; }

    public BuildResult OptionChanged { get; private set; } = null!;

    public BuildResult SignatureOptionChanged { get; private set; } = null!;

    public BuildResult SameTimeOtherContent { get; private set; } = null!;

    public bool ContentChangedModel { get; private set; }

    public BuildResult DesignTimeAfterChange { get; private set; } = null!;

    public BuildResult Rebuilt { get; private set; } = null!;

    public BuildResult PublishedWithoutBuild { get; private set; } = null!;

    public IReadOnlyList<string> Published { get; private set; } = [];

    public BuildResult Cleaned { get; private set; } = null!;

    public IReadOnlyList<string> LeftByClean { get; private set; } = [];

    public BuildResult PublishedAfterClean { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var model = Folder.WriteModel("App/Models/digits.onnx");
        Folder.Write("App/Program.cs", Program);
        Folder.WriteProject("App/App.csproj", "<OutputType>Exe</OutputType>");
        await Folder.BuildAsync("restore", "App");

        DesignTime = await DesignTimeBuildAsync();
        First = await Folder.BuildAsync("build", "App", "--no-restore");
        Output = Folder.Files("App/bin");
        Printed = await Folder.RunAsync("App/bin/Debug/net10.0/App.dll");
        Again = await Folder.BuildAsync("build", "App", "--no-restore");

        var compressed = Folder["App/obj/Debug/net10.0/modelbuild/DigitsModel.onnx"];
        var written = File.GetLastWriteTimeUtc(compressed);
        File.SetLastWriteTimeUtc(model, DateTime.UtcNow.AddSeconds(1));
        Touched = await Folder.BuildAsync("build", "App", "--no-restore");
        TouchRewroteModel = File.GetLastWriteTimeUtc(compressed) != written;

        OptionChanged = await Folder.BuildAsync("build", "App", "--no-restore", "-p:ModelBuildMinSqnr=25");
        SignatureOptionChanged = await Folder.BuildAsync("build", "App", "--no-restore", "-p:ModelBuildMinSqnr=25", "-p:ModelBuildAccess=public");

        var time = File.GetLastWriteTimeUtc(model);
        var before = Folder.Hash(compressed);
        Folder.WriteModel("App/Models/digits.onnx", seed: 2);
        File.SetLastWriteTimeUtc(model, time);
        DesignTimeAfterChange = await DesignTimeBuildAsync();
        SameTimeOtherContent = await Folder.BuildAsync("build", "App", "--no-restore");
        ContentChangedModel = before != Folder.Hash(compressed);

        Rebuilt = await Folder.BuildAsync("build", "App", "--no-restore", "--no-incremental");
        PublishedWithoutBuild = await Folder.BuildAsync("publish", "App", "--no-build", "-c", "Debug", "-o", Folder["published"]);
        Published = Folder.Files("published");
        Cleaned = await Folder.BuildAsync("clean", "App");
        LeftByClean = [.. Folder.Files("App/obj").Concat(Folder.Files("App/bin")).Where(file => file.Contains("odel", StringComparison.Ordinal))];
        PublishedAfterClean = await Folder.TryBuildAsync("publish", "App", "--no-build", "-c", "Debug", "-o", Folder["published2"]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Runs the targets that Visual Studio runs when it opens a project.
    private Task<BuildResult> DesignTimeBuildAsync() =>
        Folder.BuildAsync(
            "msbuild",
            "App",
            "-t:GetCopyToOutputDirectoryItems;Compile",
            "-getItem:CscCommandLineArgs,UpToDateCheckInput,UpToDateCheckBuilt",
            "-p:DesignTimeBuild=true",
            "-p:BuildingProject=false",
            "-p:SkipCompilerExecution=true",
            "-p:ProvideCommandLineArgs=true"
        );
}
