using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Native;

/// <summary>
/// The functions of ONNX Runtime's C interface that its .NET interface does not have. They stand in a table whose order never
/// changes: a newer version adds at its end.
/// </summary>
internal sealed unsafe class NativeApi
{
    private NativeApi(OrtApi* functions) => Functions = functions;

    /// <summary>The functions, as far as the version that was asked for has them.</summary>
    public OrtApi* Functions { get; }

    /// <summary>The table of the library that this process runs on; null when the library is older than the version.</summary>
    public static NativeApi? Get(uint version)
    {
        if (Library() is not { } library || !NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var export))
            return null;
        var getApi = (delegate* unmanaged<uint, OrtApi*>)((delegate* unmanaged<nint*>)export)()[0];
        var functions = getApi(version);
        return functions is null ? null : new NativeApi(functions);
    }

    /// <summary>Throws when a function has failed.</summary>
    public void Check(nint status)
    {
        if (status == 0)
            return;
        var message = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)Functions->GetErrorMessage)(status));
        ((delegate* unmanaged<nint, void>)Functions->ReleaseStatus)(status);
        throw new NotSupportedException(message);
    }

    // An application may have its own way to find the library, and a second copy of it knows nothing of the sessions of the first:
    // the one that is loaded is taken, whatever it is called.
    private static nint? Library()
    {
        OrtEnv.Instance();
        using var process = Process.GetCurrentProcess();
        var loaded = process.Modules.Cast<ProcessModule>().Select(module => module.FileName).Where(IsOnnxRuntime).Distinct(StringComparer.Ordinal).ToList();
        if (loaded.Count == 1 && NativeLibrary.TryLoad(loaded[0], out var library))
            return library;
        // Not every system lists what is loaded.
        return loaded.Count == 0 && NativeLibrary.TryLoad("onnxruntime", typeof(OrtEnv).Assembly, null, out library) ? library : null;
    }

    private static bool IsOnnxRuntime(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith("onnxruntime.", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("libonnxruntime.", StringComparison.Ordinal);
    }
}
