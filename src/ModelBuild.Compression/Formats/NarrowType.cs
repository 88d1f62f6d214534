namespace ModelBuild.Compression.Formats;

/// <summary>The float of 16 bits that a step converts to.</summary>
internal enum NarrowType
{
    /// <summary>IEEE 754 binary16.</summary>
    Float16,

    /// <summary>The upper half of a float32.</summary>
    Bfloat16,
}
