namespace ModelBuild.Generator.Classes;

/// <summary>Represents a decoder model with a cache that generates tokens.</summary>
/// <param name="EncoderStates">The input with the result of an encoder; null for a decoder without one.</param>
internal sealed record DecoderPlan(InputMember? EncoderStates)
{
    /// <summary>Finds the plan of a decoder; null if the model is not a decoder with a cache, or is cut into stages.</summary>
    public static DecoderPlan? Find(Signatures.ModelSignature signature, InputMember[] inputs, OutputMember[] outputs) =>
        signature.Stages.Count == 0
        && DecoderLayout.Find([.. inputs.Select(input => input.Described)], [.. outputs.Select(output => output.Described)]) is { } layout
            ? new DecoderPlan(layout.EncoderStates < 0 ? null : inputs[layout.EncoderStates])
            : null;
}
