using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Detections;

/// <summary>Represents the outputs of one call that a description of boxes refers to.</summary>
/// <param name="Boxes">The outputs with boxes.</param>
/// <param name="Scores">The outputs with scores.</param>
/// <param name="Classes">The output with the class of each box; null if there is none.</param>
/// <param name="Selected">The output with the selected indices; null if there is none.</param>
/// <param name="Masks">The output with the prototypes of masks; null if there is none.</param>
internal sealed record DetectionOutputs(OutputFloats[] Boxes, OutputFloats[] Scores, OutputFloats? Classes, OutputFloats? Selected, OutputFloats? Masks)
{
    /// <summary>Reads the outputs of a call.</summary>
    /// <param name="outputs">The indices of the outputs.</param>
    /// <param name="buffers">The buffers of all outputs.</param>
    public static DetectionOutputs Read(BoxOutputs outputs, Func<int, TensorBuffer> buffers)
    {
        return new DetectionOutputs(
            [.. outputs.Boxes.Select(Floats)],
            [.. outputs.Scores.Select(Floats)],
            Optional(outputs.Classes),
            Optional(outputs.Selected),
            Optional(outputs.Masks)
        );

        OutputFloats? Optional(int index) => index < 0 ? null : Floats(index);
        OutputFloats Floats(int index) => new(FloatElements.Of(buffers(index)), buffers(index).Shape);
    }
}
