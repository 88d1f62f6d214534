using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Execution;

/// <summary>Specifies the source of the inputs of a run.</summary>
internal enum InputKind
{
    /// <summary>The model was not run.</summary>
    None,

    /// <summary>The inputs come from the project's calibration data.</summary>
    Calibration,

    /// <summary>The inputs are computed from the declared types and shapes. Receipts call them <c>made</c>.</summary>
    [JsonStringEnumMemberName("made")]
    Synthetic,
}
