using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Preprocessing;

/// <summary>Makes the preparation of pictures a part of a model, as standard operators of ONNX.</summary>
internal static class GraphPreparation
{
    // The opset from which on the operator Resize can average pixels (antialiasing).
    private const long AveragingOpset = 18;

    // The lowest opset that can be upgraded. From this opset on, operators such as Squeeze take their axes as an input.
    private const long LowestOpset = 13;

    // The IR version of the upgraded model, which ONNX published together with the opset of the upgrade.
    private const long IrVersion = 10;

    // The metadata entries that are removed, because they describe the input before the change.
    private static readonly string[] StaleMetadata = ["Image.BitmapPixelFormat", "Image.ColorSpaceGamma", "Image.NominalPixelRange"];

    /// <summary>Changes a model that takes a prepared tensor into a model that takes pictures.</summary>
    /// <param name="model">The model with its weights.</param>
    /// <param name="input">The input.</param>
    /// <exception cref="CompressionException">MB1047: the operators of the model do not allow the opset that the preparation needs.</exception>
    public static void Apply(OnnxModel model, PictureInput input)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        Check(model, input);
        ModelPreparation.Prepare(model);
        var graph = new Graph(model);
        if (model.Opset() < NeededOpset(input))
        {
            TrainingOnlyOutputs.Remove(graph);
            CompleteOpsetUpgrade.Apply(graph);
        }

        var writer = new NodeWriter(graph, $"{input.Name}_picture_");
        graph.ReplaceUses(input.Name, new PreparationNodes(writer, input).Add(input.Name));
        graph.RemoveInput(input.Name);
        graph.AddInput(input.Declare());
        writer.Insert();
        foreach (var entry in model.Proto.MetadataProps.Where(entry => StaleMetadata.Contains(entry.Key)).ToArray())
            model.Proto.MetadataProps.Remove(entry);
    }

    /// <summary>Creates a model that only prepares pictures. Its output is the tensor that the described model takes.</summary>
    public static OnnxModel Alone(PictureInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var model = new OnnxModel(
            new ModelProto
            {
                IrVersion = IrVersion,
                Graph = new GraphProto { Name = "preparation" },
            }
        );
        model.ImportOpset("", OpsetUpgrade.Target);
        var graph = new Graph(model);
        graph.AddInput(input.Declare());
        var writer = new NodeWriter(graph, "");
        var prepared = new PreparationNodes(writer, input).Add(input.Name);
        writer.Insert();
        graph.SetOutputs([prepared]);
        return model;
    }

    /// <summary>Checks that a model can be upgraded to the opset that the preparation needs. The model may have been loaded without weights.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">The input.</param>
    /// <exception cref="CompressionException">MB1047: its operators do not allow that.</exception>
    public static void Check(OnnxModel model, PictureInput input)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        var needed = NeededOpset(input);
        if (model.Opset() >= needed || Obstacle(model) is not { } reason)
            return;
        throw new CompressionException(
            Codes.Preprocess,
            $"The preparation of images cannot become a part of the model, as Preprocess=\"graph\" asks for: it needs opset {needed}, and {reason}. "
                + (
                    model.Opset() >= LowestOpset
                        ? "Export the model with a newer opset, or use a filter with antialias=false."
                        : "Export the model with a newer opset."
                )
        );
    }

    private static string? Obstacle(OnnxModel model)
    {
        var graph = new Graph(ModelPreparation.PreparedCopy(model));
        TrainingOnlyOutputs.Remove(graph);
        return CompleteOpsetUpgrade.WhyNot(graph);
    }

    private static long NeededOpset(PictureInput input) => input.Description.Resize is { Antialias: true } ? AveragingOpset : LowestOpset;
}
