using System.Reflection;
using System.Runtime.Loader;

namespace ModelBuild.Server;

/// <summary>
/// Loads the libraries that this server process and the program modelbuild have in common, such as ModelBuild.Runtime, from the folder of the program. Both
/// programs are built together, so each library has the same version in both.
/// </summary>
internal static class ProgramLibraries
{
    private static readonly string _folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, ".."));

    /// <summary>Registers the handler of assembly resolution. It must run before any code that uses a type of the shared libraries.</summary>
    public static void Register() => AssemblyLoadContext.Default.Resolving += Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        Path.Combine(_folder, name.Name + ".dll") is var path && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
}
