using ModelBuild.Compression.Compilers.Checks;

namespace ModelBuild.Compression.Compilers.Tables;

/// <summary>The catalogue of compilers.</summary>
internal static class CompilerCatalog
{
    /// <summary>All compilers, in the order in which help lists them.</summary>
    public static IReadOnlyList<Compiler> All { get; } = [TvmTable.Compiler, TensorRtTable.Compiler, OpenVinoTable.Compiler];
}
