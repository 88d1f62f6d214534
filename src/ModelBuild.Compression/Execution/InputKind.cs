using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Execution;

/// <summary>Where the inputs of a run come from.</summary>
internal enum InputKind
{
    /// <summary>Nothing was run.</summary>
    None,

    /// <summary>The project's calibration data.</summary>
    Calibration,

    /// <summary>Inputs that are computed from the declared types and shapes. Receipts call them <c>made</c>.</summary>
    [JsonStringEnumMemberName("made")]
    Synthetic,
}
