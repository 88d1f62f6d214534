using ModelBuild.Generator.Classes;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes <c>Run</c>, <c>Run</c> into the caller's buffers, <c>RunAsync</c>, and what they share.</summary>
internal static class RunEmitter
{
    // A leading underscore and a letter is what no parameter can be.
    private const string Call = "_call";
    private const string Cancellation = "cancellationToken";

    private static readonly Parameter CancellationParameter = new(
        RuntimeTypes.CancellationToken, Cancellation, "Ends the run inside ONNX Runtime.", " = default");

    public static void Emit(CodeWriter writer, ModelClass model)
    {
        Run(writer, model);
        if (model.HasBufferRun)
            RunIntoBuffers(writer, model);
        RunAsync(writer, model);
        Prepare(writer, model);
    }

    private static void Run(CodeWriter writer, ModelClass model)
    {
        var parameters = Inputs(model, RuntimeTypes.ReadOnlySpan).ToArray();
        writer.Line("/// <summary>Runs the model. Many threads may do so at once.</summary>");
        Document(writer, parameters);
        writer.Line("/// <returns>The outputs. Dispose them to give their buffers back to the next call; without that they stay valid until collected.</returns>");
        Exceptions(writer);
        writer.Open($"public Result Run({Declare(parameters)})");
        writer.Line($"return new Result({PrepareCall(model, memory: false)}.Run());");
        writer.Close();
        writer.Gap();
    }

    private static void RunIntoBuffers(CodeWriter writer, ModelClass model)
    {
        var parameters = model.UsesInputStruct
            ? Inputs(model, RuntimeTypes.ReadOnlySpan).Concat(RunParameters.Buffers(model)).ToArray()
            : RunParameters.Tensors(model, RuntimeTypes.ReadOnlySpan, asProperties: false)
                .Concat(RunParameters.Buffers(model))
                .Concat(RunParameters.Shapes(model, RuntimeTypes.ReadOnlySpan, asProperties: false))
                .ToArray();
        writer.Line("/// <summary>Runs the model and puts the outputs into the caller's buffers. Many threads may do so at once.</summary>");
        Document(writer, parameters);
        Exceptions(writer);
        writer.Open($"public void Run({Declare(parameters)})");
        writer.Open($"using (Result _result = new Result({PrepareCall(model, memory: false)}.Run()))");
        foreach (var output in model.TypedOutputs)
            writer.Line($"_result.{output.Property}.CopyTo({output.Parameter});");
        writer.Close();
        writer.Close();
        writer.Gap();
    }

    private static void RunAsync(CodeWriter writer, ModelClass model)
    {
        var parameters = Inputs(model, RuntimeTypes.ReadOnlyMemory).Append(CancellationParameter).ToArray();
        writer.Line("/// <summary>Runs the model on a thread of the pool. The inputs are copied before this returns.</summary>");
        Document(writer, parameters);
        writer.Line("/// <returns>The outputs. Dispose them to give their buffers back to the next call; without that they stay valid until collected.</returns>");
        Exceptions(writer);
        writer.Line("/// <exception cref=\"global::System.OperationCanceledException\">The token was cancelled first.</exception>");
        writer.Open($"public {RuntimeTypes.Task}<Result> RunAsync({Declare(parameters)})");
        writer.Line($"return {PrepareCall(model, memory: true)}.RunAsync(_result => new Result(_result), {Cancellation});");
        writer.Close();
        writer.Gap();
    }

    /// <summary>Writes the call of a batcher.</summary>
    public static void BatchedRunAsync(CodeWriter writer, ModelClass model)
    {
        var parameters = Inputs(model, RuntimeTypes.ReadOnlyMemory).Append(CancellationParameter with { Doc = "Gives up waiting; the run goes on for the others." }).ToArray();
        writer.Line("/// <summary>Runs the model together with the calls of others. The inputs are copied before this returns.</summary>");
        Document(writer, parameters);
        writer.Line("/// <returns>The outputs. Dispose them to give their buffers back to the next call; without that they stay valid until collected.</returns>");
        Exceptions(writer);
        writer.Line("/// <exception cref=\"global::System.OperationCanceledException\">The token was cancelled first.</exception>");
        writer.Open($"public {RuntimeTypes.Task}<Result> RunAsync({Declare(parameters)})");
        writer.Line($"return _batcher.RunAsync(_model.{PrepareCall(model, memory: true)}, _result => new Result(_result), {Cancellation});");
        writer.Close();
        writer.Gap();
    }

    /// <summary>Writes the method that fills a call: one line for each input.</summary>
    private static void Prepare(CodeWriter writer, ModelClass model)
    {
        var prefix = model.UsesInputStruct ? "inputs." : "";
        writer.Open($"private {RuntimeTypes.Call} PrepareCall({Declare(Inputs(model, RuntimeTypes.ReadOnlySpan))})");
        writer.Line($"{RuntimeTypes.Call} {Call} = {LoadingEmitter.Host}.Rent();");
        for (var i = 0; i < model.Inputs.Count; i++)
        {
            var input = model.Inputs[i];
            var value = model.UsesInputStruct ? prefix + input.Property : input.Parameter;
            var shape = input.ShapeProperty is null ? "" : ", " + (model.UsesInputStruct ? prefix + input.ShapeProperty : input.ShapeParameter);
            writer.Line($"{Call}.{(input.Tensor.IsScalar ? "WriteScalar" : "Write")}({Literal.Of(i)}, {value}{shape});");
        }

        for (var i = 0; i < model.Dimensions.Count; i++)
            if (model.Dimensions[i].Variable.IsAsked)
                writer.Line($"{Call}.SetDimension({Literal.Of(i)}, {(model.UsesInputStruct ? prefix + model.Dimensions[i].Property : model.Dimensions[i].Parameter)});");
        writer.Line($"return {Call};");
        writer.Close();
        writer.Gap();
    }

    private static IEnumerable<Parameter> Inputs(ModelClass model, string container) => model.UsesInputStruct
        ? [new Parameter("Inputs", "inputs", "All inputs.")]
        : RunParameters.Inputs(model, container, asProperties: false);

    private static string PrepareCall(ModelClass model, bool memory)
    {
        if (model.UsesInputStruct)
            return "PrepareCall(inputs)";
        var span = memory ? ".Span" : "";
        var arguments = model.Inputs.Select(input => input.Parameter + (input.Tensor.IsScalar ? "" : span))
            .Concat(model.Inputs.Where(input => input.ShapeParameter is not null).Select(input => input.ShapeParameter + span))
            .Concat(model.Asked.Select(dimension => dimension.Parameter!));
        return $"PrepareCall({string.Join(", ", arguments)})";
    }

    private static string Declare(IEnumerable<Parameter> parameters) => string.Join(", ", parameters.Select(parameter => parameter.Declaration));

    private static void Document(CodeWriter writer, IEnumerable<Parameter> parameters)
    {
        foreach (var parameter in parameters)
            writer.Line($"/// <param name=\"{parameter.Name.TrimStart('@')}\">{parameter.Doc}</param>");
    }

    private static void Exceptions(CodeWriter writer)
    {
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">A length does not fit the tensor's shape.</exception>");
        writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The model is disposed.</exception>");
        writer.Line("/// <exception cref=\"global::Microsoft.ML.OnnxRuntime.OnnxRuntimeException\">The model failed.</exception>");
    }
}
