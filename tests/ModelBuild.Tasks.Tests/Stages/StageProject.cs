using System.Reflection;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Tests.Items;

namespace ModelBuild.Tasks.Tests.Stages;

/// <summary>A project folder, and the two stages run on it with the fake program.</summary>
public sealed class StageProject : IDisposable
{
    private static readonly string _fakeProgram = typeof(StageProject)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "FakeProgram")
        .Value!;

    private readonly TemporaryFolder _folder = new();

    public StageProject()
    {
        var package = Path.Combine(Folder, "packages", "onnxruntime") + "/";
        Assets = [Asset(package, "Microsoft.ML.OnnxRuntime", "lib/net8.0/Microsoft.ML.OnnxRuntime.dll")];
        foreach (var rid in new[] { "linux-x64", "linux-arm64", "win-x64", "win-arm64", "osx-x64", "osx-arm64" })
            Write($"packages/onnxruntime/runtimes/{rid}/native/onnxruntime.txt", "");
    }

    public string Folder => _folder.Path;

    public string Obj => Path.Combine(Folder, "obj") + Path.DirectorySeparatorChar;

    public RecordingEngine Engine { get; private set; } = new();

    public ITaskItem[] Assets { get; set; }

    public Dictionary<string, string> Properties { get; } =
        new()
        {
            ["AssemblyName"] = "App",
            ["RootNamespace"] = "App",
            ["OutputType"] = "Exe",
        };

    public string ToolPath { get; set; } = _fakeProgram;

    public string DotnetHost { get; set; } =
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? path
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "";

    /// <summary>Returns the arguments of each start of the program since the last call.</summary>
    public string[] TakeStarts()
    {
        var path = Path.Combine(Obj, "starts.txt");
        var starts = File.Exists(path) ? File.ReadAllLines(path) : [];
        File.Delete(path);
        return starts;
    }

    public string Write(string relative, string text) => _folder.Write(relative, text);

    public ITaskItem Model(string relative, params (string Name, string Value)[] metadata) => TemporaryProject.Item(relative, metadata);

    public ModelBuildInspect Inspect(string mode, params ITaskItem[] models) => Prepare(new ModelBuildInspect(), mode, models);

    public ModelBuildCompress Compress(string mode, params ITaskItem[] models)
    {
        var task = Prepare(new ModelBuildCompress(), mode, models);
        task.Assets = Assets;
        return task;
    }

    /// <summary>Both stages, as a build runs them.</summary>
    public bool Build(params ITaskItem[] models) => Inspect("Build", models).Execute() && Compress("Build", models).Execute();

    public void Dispose() => _folder.Dispose();

    private TaskItem Asset(string package, string id, string path)
    {
        Write(Path.GetRelativePath(Folder, package + path), "");
        return TemporaryProject.Item(package + path, [("NuGetPackageId", id), ("PathInPackage", path)]);
    }

    private T Prepare<T>(T task, string mode, ITaskItem[] models)
        where T : BuildPhase
    {
        Engine = new RecordingEngine();
        task.BuildEngine = Engine;
        task.Models = models;
        task.Defaults = TemporaryProject.Item("defaults", [.. Properties.Select(pair => (pair.Key, pair.Value))]);
        task.Project = Path.Combine(Folder, "App.csproj");
        task.Folder = Obj;
        task.Mode = mode;
        task.DotnetHost = DotnetHost;
        task.ToolPath = ToolPath;
        return task;
    }
}
