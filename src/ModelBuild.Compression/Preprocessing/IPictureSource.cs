using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Preprocessing;

/// <summary>Supplies pictures with the tensors that the generated class prepares of them, to compare a preparation in the graph with it.</summary>
internal interface IPictureSource
{
    /// <summary>The origin of the pictures as receipts name it: <c>calibration</c> or <c>made</c>.</summary>
    InputKind Kind { get; }

    /// <summary>The files of the pictures; empty for synthetic pictures.</summary>
    IReadOnlyList<string> Files { get; }

    /// <summary>Reads the pictures and their prepared tensors in a fixed order, one at a time.</summary>
    IEnumerable<PreparedPicture> Read(PictureInput input, CancellationToken cancellationToken);
}
