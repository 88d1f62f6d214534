using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Native;

/// <summary>
/// Provides the functions of the C API of ONNX Runtime that its .NET API does not have. They are in a table whose order never changes, because new versions
/// only append functions.
/// </summary>
internal sealed unsafe class NativeApi
{
    private NativeApi(OrtApi* functions) => Functions = functions;

    /// <summary>Gets the function table, which is valid for the functions up to the requested version.</summary>
    public OrtApi* Functions { get; }

    /// <summary>Returns the table of the loaded library; null when the library is older than the version.</summary>
    public static NativeApi? Get(uint version)
    {
        if (Library() is not { } library || !NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var export))
            return null;
        var getApi = (delegate* unmanaged<uint, OrtApi*>)((delegate* unmanaged<nint*>)export)()[0];
        var functions = getApi(version);
        return functions is null ? null : new NativeApi(functions);
    }

    /// <summary>Throws an exception when the status of a function call is an error.</summary>
    public void Check(nint status)
    {
        if (status == 0)
            return;
        var message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)Functions->GetErrorMessage)(status));
        ((delegate* unmanaged<nint, void>)Functions->ReleaseStatus)(status);
        throw new NotSupportedException(message);
    }

    // The library that is already loaded in the process is used, whatever its file name, because the application may have loaded it in its own way, and a
    // second copy would not share the sessions of the first.
    private static nint? Library()
    {
        OrtEnv.Instance();
        using var process = Process.GetCurrentProcess();
        var loaded = process.Modules.Cast<ProcessModule>().Select(module => module.FileName).Where(IsOnnxRuntime).Distinct(StringComparer.Ordinal).ToList();
        if (loaded.Count == 1 && NativeLibrary.TryLoad(loaded[0], out var library))
            return library;
        // If no loaded module is found, because some systems do not list them, the library is loaded by its name.
        return loaded.Count == 0 && NativeLibrary.TryLoad("onnxruntime", typeof(OrtEnv).Assembly, null, out library) ? library : null;
    }

    private static bool IsOnnxRuntime(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith("onnxruntime.", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("libonnxruntime.", StringComparison.Ordinal);
    }
}
