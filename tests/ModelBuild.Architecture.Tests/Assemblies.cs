using Mono.Cecil;

namespace ModelBuild.Architecture.Tests;

/// <summary>Opens the assemblies under test.</summary>
internal static class Assemblies
{
    /// <summary>Reads the assembly <paramref name="name"/> from the folder of the tests.</summary>
    public static ModuleDefinition Read(string name) => ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
}
