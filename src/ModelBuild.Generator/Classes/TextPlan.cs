using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>Represents the inputs and outputs of a model that takes token ids, which are found by the names that exporters of transformers give them.</summary>
/// <param name="Type">The C# type of the inputs.</param>
/// <param name="Ids">The index of the input of token ids.</param>
/// <param name="Mask">The index of the input of the attention mask; -1 if there is none.</param>
/// <param name="Types">The index of the input of type ids; -1 if there is none.</param>
/// <param name="Length">The number of tokens that the model declares; 0 for a dynamic dimension.</param>
/// <param name="TakesSeveral">Whether a call can take several texts.</param>
/// <param name="Vectors">The output with a vector for each text or token; null if there is none.</param>
/// <param name="Labels">The output with a score of each label for each token; null if there is none.</param>
/// <param name="Start">The output with the score of each token as the start of an answer; null if there is none.</param>
/// <param name="End">The output with the score of each token as the end of an answer; null if there is none.</param>
internal sealed record TextPlan(string Type, int Ids, int Mask, int Types, int Length, bool TakesSeveral, int? Vectors, int? Labels, int? Start, int? End)
{
    /// <summary>Finds the inputs and outputs for texts; null if the inputs of the model are not those of texts.</summary>
    public static TextPlan? Find(ModelSignature signature, InputMember[] inputs, OutputMember[] outputs)
    {
        var ids = Index(inputs, TextInputNames.Ids);
        if (ids < 0 || inputs[ids].Type is not { Onnx: "int64" or "int32" } type)
            return null;
        var (mask, types) = (Index(inputs, TextInputNames.Mask), Index(inputs, TextInputNames.Types));
        if (inputs.Any(input => input.Index != ids && input.Index != mask && input.Index != types))
            return null;
        if (inputs.Any(input => input.Type?.Onnx != type.Onnx || input.Tensor.Shape is not { Count: 2 }))
            return null;
        var shape = inputs[ids].Tensor.Shape!.Value;
        int? start = Output(outputs, "start_logits", 2),
            end = Output(outputs, "end_logits", 2);
        var labels = signature.Labels.Count > 0 ? Classes(outputs, signature.Labels.Count) : null;
        var vectors = TextOutputNames.Vectors.Select(name => Output(outputs, name, 3) ?? Output(outputs, name, 2)).FirstOrDefault(index => index is not null);
        var isAnswer = start is not null && end is not null;
        return new TextPlan(
            type.CSharp,
            ids,
            mask,
            types,
            (int)(shape[1].Size ?? 0),
            shape[0].Size is not 1,
            vectors,
            labels,
            isAnswer ? start : null,
            isAnswer ? end : null
        );
    }

    private static int Index(InputMember[] inputs, string name) => Array.FindIndex(inputs, input => input.Tensor.Name == name);

    private static int? Output(OutputMember[] outputs, string name, int rank) =>
        Array.FindIndex(outputs, output => output.Tensor.Name == name && output.Type is { Onnx: "float32" } && output.Tensor.Shape?.Count == rank)
            is >= 0
                and var index
            ? index
            : null;

    private static int? Classes(OutputMember[] outputs, int count) =>
        Array.FindIndex(outputs, output => output.Type is { Onnx: "float32" } && output.Tensor.Shape is { Count: 3 } shape && shape[2].Size == count)
            is >= 0
                and var index
            ? index
            : null;
}
