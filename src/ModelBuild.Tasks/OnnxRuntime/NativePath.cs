using System.Text.RegularExpressions;

namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>A native file's place in a package: <c>runtimes/RID/native/FILE</c>.</summary>
/// <param name="Package">The part of the path before it, which names the package.</param>
/// <param name="RuntimeIdentifier">The platform that the package has the file for.</param>
/// <param name="File">The file's name.</param>
internal sealed record NativePath(string Package, string RuntimeIdentifier, string File)
{
    private static readonly Regex _form = new(@"^(?:(.*)[\\/])?runtimes[\\/]([^\\/]+)[\\/]native[\\/]([^\\/]+)$", RegexOptions.CultureInvariant);

    // Import libraries (.lib) and debug symbols have the same name before the extension.
    private static readonly string[] _libraries =
    [
        "onnxruntime.dll",
        "libonnxruntime.so",
        "libonnxruntime.dylib",
        "onnxruntime.aar",
        "onnxruntime.xcframework.zip",
        "onnxruntime.xcframework",
    ];

    /// <summary>Whether the file is ONNX Runtime itself, in the form of one of its platforms.</summary>
    public bool IsOnnxRuntime => _libraries.Contains(File, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a path, with either kind of slash; null when the file lies elsewhere.</summary>
    public static NativePath? Of(string path)
    {
        var match = _form.Match(path);
        return match.Success ? new NativePath(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value) : null;
    }

    /// <summary>The name of ONNX Runtime's native library on a platform that loads it as a file.</summary>
    public static string LibraryOn(string runtimeIdentifier) =>
        runtimeIdentifier.StartsWith("win", StringComparison.Ordinal) ? "onnxruntime.dll"
        : runtimeIdentifier.StartsWith("osx", StringComparison.Ordinal) ? "libonnxruntime.dylib"
        : "libonnxruntime.so";
}
