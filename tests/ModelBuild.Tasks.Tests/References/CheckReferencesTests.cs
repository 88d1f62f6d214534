using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Tests.Stages;

namespace ModelBuild.Tasks.Tests.References;

public sealed class CheckReferencesTests : IDisposable
{
    private const string Package = "/packages/microsoft.ml.onnxruntime/1.32.0/";
    private const string Managed = "/packages/microsoft.ml.onnxruntime.managed/1.32.0/lib/net8.0/Microsoft.ML.OnnxRuntime.dll";

    private readonly RecordingEngine _engine = new();
    private readonly string _assetsFile = Path.Combine(Path.GetTempPath(), $"modelbuild-assets-{Guid.NewGuid():N}.json");

    public CheckReferencesTests() =>
        File.WriteAllText(
            _assetsFile,
            """
            {
              "version": 3,
              "libraries": {
                "Microsoft.ML.OnnxRuntime/1.32.0": {
                  "type": "package",
                  "path": "microsoft.ml.onnxruntime/1.32.0",
                  "files": [
                    "LICENSE", "runtimes/win-x64/native/onnxruntime.dll", "runtimes/win-x64/native/onnxruntime.lib",
                    "runtimes/linux-x64/native/libonnxruntime.so",
                    "runtimes/osx-arm64/native/libonnxruntime_other.dylib"
                  ]
                },
                "Lib/1.0.0": { "type": "project", "path": "../Lib/Lib.csproj" }
              },
              "packageFolders": { "/packages/": {} }
            }
            """
        );

    public void Dispose() => File.Delete(_assetsFile);

    [Theory]
    [InlineData("win-x86", "")]
    [InlineData("linux-riscv64", "")]
    [InlineData("browser-wasm", "")]
    [InlineData("", "x86")]
    public void An_application_for_a_platform_without_a_library_hears_which_there_are(string runtimeIdentifier, string platformTarget)
    {
        string[] assets =
            runtimeIdentifier.Length > 0
                ? [Managed]
                : [Managed, Package + "runtimes/win-x64/native/onnxruntime.dll", Package + "runtimes/linux-x64/native/libonnxruntime.so"];
        Application(runtimeIdentifier, assets, task => task.PlatformTarget = platformTarget);
        var warning = Assert.Single(_engine.Warnings);
        Assert.Equal(("MB1042", "/home/app/App.csproj"), (warning.Code, warning.File));
        Assert.Contains(runtimeIdentifier.Length > 0 ? runtimeIdentifier : "win-x86", warning.Message, StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML.OnnxRuntime 1.32.0 has linux-x64, win-x64.", warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux-musl-x64")]
    [InlineData("linux-musl-arm64")]
    [InlineData("alpine-x64")]
    public void A_library_for_glibc_does_not_load_under_musl(string runtimeIdentifier)
    {
        Application(runtimeIdentifier, [Managed, Package + "runtimes/linux-x64/native/libonnxruntime.so"]);
        Assert.Contains("glibc", Assert.Single(_engine.Warnings, warning => warning.Code == "MB1042").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linux-x64", "runtimes/linux-x64/native/libonnxruntime.so")]
    [InlineData("win-x64", "runtimes/win-x64/native/onnxruntime.dll")]
    [InlineData("osx-arm64", "runtimes/osx-arm64/native/libonnxruntime.dylib")]
    [InlineData("linux-musl-x64", "runtimes/linux-musl-x64/native/libonnxruntime.so")]
    [InlineData("android-arm64", "runtimes/android/native/onnxruntime.aar")]
    [InlineData("ios-arm64", "runtimes/ios/native/onnxruntime.xcframework.zip")]
    [InlineData("", "runtimes/win-x64/native/onnxruntime.dll")]
    public void An_application_with_its_library_hears_nothing(string runtimeIdentifier, string native)
    {
        Application(runtimeIdentifier, [Managed, Package + native]);
        Assert.Empty(_engine.Warnings);
    }

    [Theory]
    [InlineData("/home/app/native/onnxruntime.dll", "CopyToOutputDirectory", false)]
    [InlineData("/home/app/native/onnxruntime.dll", "CopyToPublishDirectory", false)]
    [InlineData("/home/app/runtimes/win-x86/native/onnxruntime.dll", "CopyToOutputDirectory", false)]
    [InlineData("/home/app/out/onnxruntime.dll", "Link", true)]
    [InlineData("/home/app/native/libonnxruntime.so", "CopyToOutputDirectory", true)]
    [InlineData(Package + "runtimes/win-x64/native/onnxruntime.dll", "CopyToOutputDirectory", true)]
    [InlineData(Package + "runtimes/win-x64/native/onnxruntime.lib", "CopyToOutputDirectory", true)]
    public void A_library_of_the_projects_own_counts_where_it_is_copied_and_for_the_platform(string file, string copies, bool isMissing)
    {
        Application("win-x86", [Managed], task => task.Files = [new TaskItem(file, new Dictionary<string, string> { [copies] = "PreserveNewest" })]);
        Assert.Equal(isMissing ? ["MB1042"] : [], _engine.Warnings.Select(warning => warning.Code));
    }

    [Fact]
    public void An_application_without_ONNX_Runtime_needs_no_library()
    {
        Application("win-x86", ["/packages/other/1.0.0/lib/net8.0/Other.dll"]);
        Assert.Empty(_engine.Warnings);
    }

    [Theory]
    [InlineData("PrivateAssets", "all")]
    [InlineData("PrivateAssets", "All")]
    [InlineData("PrivateAssets", "build; runtime")]
    [InlineData("PrivateAssets", "contentfiles;analyzers;build;native")]
    [InlineData("ExcludeAssets", "runtime")]
    [InlineData("IncludeAssets", "compile;build;analyzers")]
    public void A_library_that_hides_the_runtime_hears_what_hides_it(string metadata, string value)
    {
        Library(metadata, value);
        var warning = Assert.Single(_engine.Warnings);
        Assert.Equal("MB1041", warning.Code);
        Assert.StartsWith($"{metadata}=\"{value}\"", warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PrivateAssets", "")]
    [InlineData("PrivateAssets", "none")]
    [InlineData("PrivateAssets", "contentfiles;analyzers;build")]
    [InlineData("PrivateAssets", "compile")]
    [InlineData("ExcludeAssets", "contentfiles")]
    [InlineData("IncludeAssets", "all")]
    [InlineData("IncludeAssets", "runtime; native; build")]
    public void A_library_that_lets_the_runtime_through_hears_nothing(string metadata, string value)
    {
        Library(metadata, value);
        Assert.Empty(_engine.Warnings);
    }

    [Fact]
    public void Who_nobody_references_may_hide_what_it_likes()
    {
        Library("PrivateAssets", "all", task => task.IsPlugIn = true);
        Library("PrivateAssets", "all", task => task.IsTestProject = true);
        Library("PrivateAssets", "all", task => task.OutputType = "Exe");
        Library("PrivateAssets", "all", task => task.ModelCount = 0);
        Library("PrivateAssets", "all", task => task.Language = "F#");
        Library("PrivateAssets", "all", task => task.References[0].ItemSpec = "Other.Package");
        Assert.Empty(_engine.Warnings);
    }

    private void Application(string runtimeIdentifier, string[] assets, Action<ModelBuildCheckReferences>? change = null) =>
        Run(
            task =>
            {
                task.OutputType = "Exe";
                task.RuntimeIdentifier = runtimeIdentifier;
                task.Assets = [.. assets.Select(asset => new TaskItem(asset))];
            },
            change
        );

    private void Library(string metadata, string value, Action<ModelBuildCheckReferences>? change = null) =>
        Run(
            task =>
            {
                task.OutputType = "Library";
                task.References = [new TaskItem("ModelBuild", new Dictionary<string, string> { [metadata] = value })];
            },
            change
        );

    private void Run(Action<ModelBuildCheckReferences> prepare, Action<ModelBuildCheckReferences>? change)
    {
        var task = new ModelBuildCheckReferences
        {
            BuildEngine = _engine,
            Project = "/home/app/App.csproj",
            AssetsFile = _assetsFile,
            ModelCount = 1,
            Language = "C#",
        };
        prepare(task);
        change?.Invoke(task);
        Assert.True(task.Execute());
    }
}
