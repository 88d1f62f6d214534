namespace ModelBuild.Compression.Tuning.Allocation;

/// <summary>Specifies the forms of a layer among which a study chooses.</summary>
internal enum LayerCode
{
    /// <summary>The weights stay in float32.</summary>
    Float32,

    /// <summary>The weights are stored in float16.</summary>
    Float16,

    /// <summary>The weights are stored in 8 bits with a scale for each channel.</summary>
    Int8,

    /// <summary>The weights are stored in 4 bits with a scale for each block.</summary>
    Int4,

    /// <summary>The weights are stored as 4-bit indices of a codebook of 16 values.</summary>
    Codebook16,

    /// <summary>The layer computes in integers.</summary>
    Integer,
}
