namespace ModelBuild.Compression.Formats;

/// <summary>Specifies the 16-bit floating-point format that a step converts values to.</summary>
internal enum NarrowType
{
    /// <summary>The format float16, which is IEEE 754 binary16.</summary>
    Float16,

    /// <summary>The format bfloat16, which is the upper half of a float32.</summary>
    Bfloat16,
}
