namespace ModelBuild.Compression.Compilers;

/// <summary>The precision of an exported model.</summary>
internal enum ExportPrecision
{
    /// <summary>Values keep the types that they have.</summary>
    AsIs,

    /// <summary>Values of float32 become float16, as the step <c>float16</c> converts them; inputs and outputs keep their types.</summary>
    Float16,
}
