using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Execution;

/// <summary>Specifies the source of the inputs of a run.</summary>
internal enum InputKind
{
    /// <summary>The model was not run.</summary>
    None,

    /// <summary>The project's calibration data.</summary>
    Calibration,

    /// <summary>Inputs that are computed from the declared types and shapes. Receipts call them <c>made</c>.</summary>
    [JsonStringEnumMemberName("made")]
    Synthetic,
}
