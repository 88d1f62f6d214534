namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>Specifies how the activation between two layers will be quantized.</summary>
internal enum ActivationCodes
{
    /// <summary>The activation stays in float32.</summary>
    None,

    /// <summary>The activation is quantized, and each call has the range of its own values.</summary>
    OfCall,

    /// <summary>The activation is quantized, and all calls have the range that calibration found.</summary>
    Calibrated,
}
