using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace ModelBuild.Cli.Hosting;

/// <summary>Finds and loads libraries with a managed and a native part in the folders of packages.</summary>
internal static class PackagedLibrary
{
    private static readonly string[] Frameworks = ["net10.0", "net8.0", "net6.0", "netstandard2.1", "netstandard2.0"];

    /// <summary>Registers the handlers that find a library. No file is loaded before the first use of a type of the library.</summary>
    /// <param name="managed">The name of the assembly.</param>
    /// <param name="findManaged">Returns the path of the assembly; null if there is none.</param>
    /// <param name="native">The name of the native part.</param>
    /// <param name="findNative">Returns the path of the native part; null if there is none.</param>
    public static void Register(string managed, Func<string?> findManaged, string native, Func<string?> findNative)
    {
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name == managed && findManaged() is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            name.Contains(native, StringComparison.OrdinalIgnoreCase) && findNative() is { } path && NativeLibrary.TryLoad(path, out var handle) ? handle : 0;
    }

    /// <summary>Returns the paths of an assembly in the versions of its package, the newest first.</summary>
    /// <param name="package">The name of the package in lower case.</param>
    /// <param name="managed">The name of the assembly.</param>
    public static IEnumerable<string> Managed(string package, string managed) =>
        PackageFolders
            .Versions(package)
            .SelectMany(folder => Frameworks.Select(framework => Path.Combine(folder, "lib", framework, managed + ".dll")))
            .Where(File.Exists);

    /// <summary>Returns the version of the package that an assembly is in; null without an assembly.</summary>
    /// <param name="path">The path of the assembly.</param>
    public static string? Version(string? path) => path is null ? null : Path.GetFileName(Path.GetFullPath(Path.Combine(path, "..", "..", "..")));
}
