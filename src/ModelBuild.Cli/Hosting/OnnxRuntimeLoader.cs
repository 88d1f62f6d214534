using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace ModelBuild.Cli.Hosting;

/// <summary>
/// Loads the managed and the native part of ONNX Runtime that the build or the command line names, so that a model which loads here loads in
/// the application. Where none is named it loads that of the tool's package, and the newest of this user's packages for a program that brings none.
/// </summary>
internal static class OnnxRuntimeLoader
{
    // One for the process: assembly resolution and the native library are the process's. Once ONNX Runtime is loaded, another choice has no effect.
    private static OnnxRuntimeLocation? _chosen;

    /// <summary>Hooks into assembly resolution. Call it before anything that names a type of ONNX Runtime runs.</summary>
    public static void Register()
    {
        AssemblyLoadContext.Default.Resolving += ResolveManaged;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += ResolveNative;
    }

    /// <summary>
    /// Uses this ONNX Runtime for the whole process, and looks no further. It has no effect once ONNX Runtime is loaded: the requests of one start of the
    /// program are of one project, and name the same one.
    /// </summary>
    public static void Use(OnnxRuntimeLocation location) => _chosen = location;

    private static Assembly? ResolveManaged(AssemblyLoadContext context, AssemblyName name)
    {
        if (name.Name != "Microsoft.ML.OnnxRuntime")
            return null;
        _chosen ??= Search();
        return _chosen is null ? null : context.LoadFromAssemblyPath(_chosen.Managed);
    }

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

    private static OnnxRuntimeLocation? Search() =>
        (Environment.GetEnvironmentVariable(OnnxRuntimeLocator.Variable) is { Length: > 0 } folder ? OnnxRuntimeLocator.InFolder(folder) : null)
        ?? OnnxRuntimeLocator.InFolder(AppContext.BaseDirectory)
        ?? OnnxRuntimeLocator.InFolder(Path.Combine(AppContext.BaseDirectory, OnnxRuntimeLocator.ToolFolder))
        ?? OnnxRuntimeLocator.InPackages();
}
