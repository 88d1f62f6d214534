using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Providers;

/// <summary>Loads a plug-in library with execution providers into the process, once.</summary>
internal static class ProviderLibrary
{
    /// <summary>Loads a plug-in library unless it is already loaded.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="OnnxRuntimeException">The file is not a plug-in library, or needs another version of ONNX Runtime.</exception>
    public static void Load(string library)
    {
        var path = Find(library);
        try
        {
            OrtEnv.Instance().RegisterExecutionProviderLibrary(Path.GetFileNameWithoutExtension(path), path);
        }
        catch (OnnxRuntimeException exception) when (exception.Message.Contains("already registered", StringComparison.Ordinal))
        {
            // The library is already registered. ONNX Runtime has no method to test this before the registration.
        }
    }

    private static string Find(string library)
    {
        string[] places =
        [
            Path.GetFullPath(library, AppContext.BaseDirectory),
            Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", library),
        ];
        return Array.Find(places, File.Exists)
            ?? throw new FileNotFoundException($"the plug-in library is not at '{places[0]}'; copy it there, or set its full path", places[0]);
    }
}
