using System.Text.RegularExpressions;

namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>Represents the path of a native file in a package: <c>runtimes/RID/native/FILE</c>.</summary>
/// <param name="Package">The part of the path before <c>runtimes</c>, which identifies the package.</param>
/// <param name="RuntimeIdentifier">The platform of the file.</param>
/// <param name="File">The name of the file.</param>
internal sealed record NativePath(string Package, string RuntimeIdentifier, string File)
{
    private static readonly Regex _form = new(@"^(?:(.*)[\\/])?runtimes[\\/]([^\\/]+)[\\/]native[\\/]([^\\/]+)$", RegexOptions.CultureInvariant);

    // The names of ONNX Runtime's native library on its platforms. Import libraries (.lib) and debug symbols are not among them, because they have the same
    // name with another extension.
    private static readonly string[] _libraries =
    [
        "onnxruntime.dll",
        "libonnxruntime.so",
        "libonnxruntime.dylib",
        "onnxruntime.aar",
        "onnxruntime.xcframework.zip",
        "onnxruntime.xcframework",
    ];

    /// <summary>Gets whether the file is the native library of ONNX Runtime on one of its platforms.</summary>
    public bool IsOnnxRuntime => _libraries.Contains(File, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the parts of a path with slashes of either kind; null if the path does not have the form <c>runtimes/RID/native/FILE</c>.</summary>
    public static NativePath? Of(string path)
    {
        var match = _form.Match(path);
        return match.Success ? new NativePath(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value) : null;
    }

    /// <summary>Returns the name of ONNX Runtime's native library on a platform.</summary>
    public static string LibraryOn(string runtimeIdentifier) =>
        runtimeIdentifier.StartsWith("win", StringComparison.Ordinal) ? "onnxruntime.dll"
        : runtimeIdentifier.StartsWith("osx", StringComparison.Ordinal) ? "libonnxruntime.dylib"
        : "libonnxruntime.so";
}
