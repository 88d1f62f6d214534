namespace ModelBuild.Runtime;

/// <summary>Specifies the type that OpenVINO computes in.</summary>
public enum OpenVinoPrecision
{
    /// <summary>OpenVINO computes in float32.</summary>
    Fp32,

    /// <summary>OpenVINO computes in float16.</summary>
    Fp16,

    /// <summary>OpenVINO computes in the types of the model.</summary>
    Accuracy,
}
