namespace ModelBuild.Runtime;

/// <summary>What OpenVINO computes in.</summary>
public enum OpenVinoPrecision
{
    /// <summary>float32.</summary>
    Fp32,

    /// <summary>float16.</summary>
    Fp16,

    /// <summary>What the model's own types say.</summary>
    Accuracy,
}
