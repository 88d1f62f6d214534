using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace ModelBuild.Cli.Hosting;

/// <summary>
/// Loads the managed and the native library of the ONNX Runtime that the build or the command line names, so that a model which loads here also loads in the
/// application. If none is named, the loader uses the ONNX Runtime that a search finds.
/// </summary>
internal static class OnnxRuntimeLoader
{
    // The ONNX Runtime that was chosen. The field is static because assembly resolution and the native library belong to the process. Once ONNX Runtime is
    // loaded, another choice has no effect.
    private static OnnxRuntimeLocation? _chosen;
    private static Func<OnnxRuntimeLocation?> _search = () => null;

    /// <summary>Gets the ONNX Runtime of this process; null if there is none.</summary>
    public static OnnxRuntimeLocation? Location => _chosen ??= _search();

    /// <summary>Registers the handler of assembly resolution. It must run before any code that uses a type of ONNX Runtime.</summary>
    /// <param name="search">Finds an ONNX Runtime when none is named.</param>
    public static void Register(Func<OnnxRuntimeLocation?> search)
    {
        _search = search;
        AssemblyLoadContext.Default.Resolving += ResolveManaged;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += ResolveNative;
    }

    /// <summary>
    /// Selects the ONNX Runtime for the whole process. The call has no effect once ONNX Runtime is loaded: all requests of one start of the program come from
    /// one project and name the same ONNX Runtime.
    /// </summary>
    public static void Use(OnnxRuntimeLocation location) => _chosen = location;

    private static Assembly? ResolveManaged(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == "Microsoft.ML.OnnxRuntime" && Location is { } location ? context.LoadFromAssemblyPath(location.Managed) : null;

    private static nint ResolveNative(Assembly assembly, string name)
    {
        if (!name.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase) || _chosen is null)
            return 0;
        foreach (
            var candidate in new[] { name, $"lib{name}.so", $"{name}.dll", $"lib{name}.dylib", "libonnxruntime.so", "onnxruntime.dll", "libonnxruntime.dylib" }
        )
            if (NativeLibrary.TryLoad(Path.Combine(_chosen.NativeFolder, candidate), out var handle))
                return handle;
        return 0;
    }
}
