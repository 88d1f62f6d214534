using System.Text.Json;

namespace ModelBuild.Cli.Tests.Support;

/// <summary>Requests as the build writes them.</summary>
internal static class BuildRequestFile
{
    /// <summary>The path of a request for <c>Models/digits.onnx</c> in the folder, with some values changed.</summary>
    public static string Write(TemporaryFolder folder, string id, params (string Key, object Value)[] changes)
    {
        var request = new Dictionary<string, object?>
        {
            ["schema"] = 1,
            ["id"] = id,
            ["project"] = folder.File("App.csproj"),
            ["model"] = folder.File("Models/digits.onnx"),
            ["modelDisplay"] = "Models/digits.onnx",
            ["options"] = new Dictionary<string, string> { ["Namespace"] = "App", ["Access"] = "internal" },
            ["descriptions"] = new Dictionary<string, string>(),
            ["preprocess"] = "none",
            ["compression"] = "auto",
            ["recipe"] = null,
            ["calibrationData"] = Array.Empty<string>(),
            ["calibrationFile"] = null,
            ["trainingData"] = Array.Empty<string>(),
            ["validationData"] = Array.Empty<string>(),
            ["trainedFile"] = null,
            ["train"] = false,
            ["trainCommand"] = "modelbuild train Models/digits.onnx",
            ["maxAccuracyLoss"] = "1%",
            ["minSqnr"] = "30",
            ["fidelity"] = null,
            ["maxSize"] = null,
            ["given"] = Array.Empty<string>(),
            ["providers"] = new[] { "cpu" },
            ["stages"] = 1,
            ["target"] = "cpu-x64",
            ["labels"] = null,
            ["state"] = null,
            ["names"] = null,
            ["deploy"] = "copy",
            ["deployPath"] = $"models/App/{id}.onnx",
            ["folder"] = folder.File("obj"),
            ["cache"] = Path.Combine(folder.Path, "cache"),
            ["cacheSize"] = null,
            ["remoteCache"] = null,
            ["remoteCachePush"] = false,
            ["remoteCacheVerify"] = false,
            ["onnxRuntimeManaged"] = null,
            ["onnxRuntimeNative"] = null,
        };
        foreach (var (key, value) in changes)
            request[key] = value;
        return folder.Write($"obj/{id}.request.json", JsonSerializer.Serialize(request));
    }
}
