using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the overloads of <c>Run</c>, <c>RunAsync</c>, and the methods that they share.</summary>
internal static class RunEmitter
{
    private const string Cancellation = "cancellationToken";

    // The name of a generated local variable. It cannot clash with a parameter, because identifiers for names of the model never start with an underscore and a
    // letter.
    private const string Filled = "_call";

    private const string Returns =
        "The outputs. Dispose returns their buffers, so that the next call can use them. Otherwise they stay valid until they are garbage collected.";

    private static readonly Parameter CancellationParameter = new(RuntimeTypes.CancellationToken, Cancellation, "A token that cancels the run.", " = default");

    public static void Emit(CodeWriter writer, ModelClass model)
    {
        Run(writer, model, model.Call, "Runs the model. The method can be called by many threads at the same time.", Returns);
        if (model.HasBufferRun)
            RunIntoBuffers(writer, model);
        RunAsync(writer, model, model.Call, "Runs the model on a thread of the pool. The inputs are copied before the method returns.", Returns);
        Prepare(writer, model, model.Call, $"{LoadingEmitter.Host}.Rent()");
    }

    public static void Run(CodeWriter writer, ModelClass model, CallPlan call, string summary, string returns)
    {
        var parameters = Inputs(model, call, RuntimeTypes.ReadOnlySpan).ToArray();
        writer.Line($"/// <summary>{summary}</summary>");
        Document(writer, parameters);
        writer.Line($"/// <returns>{returns}</returns>");
        Exceptions(writer);
        writer.Open($"public Result Run({Declare(parameters)})");
        writer.Line($"return new Result({PrepareCall(call, memory: false)}.Run());");
        writer.Close();
        writer.Gap();
    }

    private static void RunIntoBuffers(CodeWriter writer, ModelClass model)
    {
        var parameters = model.Call.UsesStruct
            ? Inputs(model, model.Call, RuntimeTypes.ReadOnlySpan).Concat(RunParameters.Buffers(model)).ToArray()
            : RunParameters
                .Tensors(model.Call, RuntimeTypes.ReadOnlySpan, asProperties: false)
                .Concat(RunParameters.Buffers(model))
                .Concat(RunParameters.Shapes(model, model.Call, RuntimeTypes.ReadOnlySpan, asProperties: false))
                .ToArray();
        writer.Line(
            "/// <summary>Runs the model and copies the outputs to the caller's buffers. The method can be called by many threads at the same time.</summary>"
        );
        Document(writer, parameters);
        Exceptions(writer);
        writer.Open($"public void Run({Declare(parameters)})");
        writer.Open($"using (Result _result = new Result({PrepareCall(model.Call, memory: false)}.Run()))");
        foreach (var output in model.Tensors)
            writer.Line($"_result.{output.Property}.CopyTo({output.Parameter});");
        writer.Close();
        writer.Close();
        writer.Gap();
    }

    public static void RunAsync(CodeWriter writer, ModelClass model, CallPlan call, string summary, string returns)
    {
        var parameters = Inputs(model, call, RuntimeTypes.ReadOnlyMemory).Append(CancellationParameter).ToArray();
        writer.Line($"/// <summary>{summary}</summary>");
        Document(writer, parameters);
        writer.Line($"/// <returns>{returns}</returns>");
        Exceptions(writer);
        writer.Line("/// <exception cref=\"global::System.OperationCanceledException\">The token was cancelled before the run ended.</exception>");
        writer.Open($"public {RuntimeTypes.Task}<Result> RunAsync({Declare(parameters)})");
        writer.Line($"return {PrepareCall(call, memory: true)}.RunAsync(_result => new Result(_result), {Cancellation});");
        writer.Close();
        writer.Gap();
    }

    /// <summary>Writes <c>RunAsync</c> of the batcher.</summary>
    public static void BatchedRunAsync(CodeWriter writer, ModelClass model)
    {
        var parameters = Inputs(model, model.Call, RuntimeTypes.ReadOnlyMemory)
            .Append(CancellationParameter with { Doc = "A token that cancels this call. The run continues for the other calls." })
            .ToArray();
        writer.Line("/// <summary>Runs the model together with other calls. The inputs are copied before the method returns.</summary>");
        Document(writer, parameters);
        writer.Line($"/// <returns>{Returns}</returns>");
        Exceptions(writer);
        writer.Line("/// <exception cref=\"global::System.OperationCanceledException\">The token was cancelled before the run ended.</exception>");
        writer.Open($"public {RuntimeTypes.Task}<Result> RunAsync({Declare(parameters)})");
        writer.Line($"return _batcher.RunAsync(_model.{PrepareCall(model.Call, memory: true)}, _result => new Result(_result), {Cancellation});");
        writer.Close();
        writer.Gap();
    }

    /// <summary>Writes the method that sets the inputs of a call, with one line for each input.</summary>
    public static void Prepare(CodeWriter writer, ModelClass model, CallPlan call, string take)
    {
        var prefix = call.UsesStruct ? "inputs." : "";
        writer.Open($"private {RuntimeTypes.Call} PrepareCall({Declare(Inputs(model, call, RuntimeTypes.ReadOnlySpan))})");
        writer.Line($"{RuntimeTypes.Call} {Filled} = {take};");
        foreach (var input in call.Inputs)
        {
            var value = call.UsesStruct ? prefix + input.Property : input.Parameter;
            var shape = input.ShapeProperty is null ? "" : ", " + (call.UsesStruct ? prefix + input.ShapeProperty : input.ShapeParameter);
            writer.Line(
                $"{Filled}.{(input.Value is not null ? "WriteValue" : input.Tensor.IsScalar ? "WriteScalar" : "Write")}({Literal.Of(input.Index)}, "
                    + $"{value}{shape});"
            );
        }

        for (var i = 0; i < call.Dimensions.Count; i++)
            if (call.Dimensions[i].Variable.IsArgument)
                writer.Line(
                    $"{Filled}.SetDimension({Literal.Of(i)}, {(call.UsesStruct ? prefix + call.Dimensions[i].Property : call.Dimensions[i].Parameter)});"
                );
        writer.Line($"return {Filled};");
        writer.Close();
        writer.Gap();
    }

    private static IEnumerable<Parameter> Inputs(ModelClass model, CallPlan call, string container) =>
        call.UsesStruct ? [new Parameter("Inputs", "inputs", "All inputs.")] : RunParameters.Inputs(model, call, container, asProperties: false);

    private static string PrepareCall(CallPlan call, bool memory)
    {
        if (call.UsesStruct)
            return "PrepareCall(inputs)";
        var span = memory ? ".Span" : "";
        var arguments = call
            .Inputs.Where(input => !input.IsOptional)
            .Select(input => input.Parameter + (input.Tensor.IsScalar || input.Value is not null ? "" : span))
            .Concat(call.Inputs.Where(input => input.ShapeParameter is not null).Select(input => input.ShapeParameter + span))
            .Concat(call.SizeArguments.Select(dimension => dimension.Parameter!))
            .Concat(call.Inputs.Where(input => input.IsOptional).Select(input => input.Parameter));
        return $"PrepareCall({string.Join(", ", arguments)})";
    }

    public static string Declare(IEnumerable<Parameter> parameters) => string.Join(", ", parameters.Select(parameter => parameter.Declaration));

    public static void Document(CodeWriter writer, IEnumerable<Parameter> parameters)
    {
        foreach (var parameter in parameters)
            writer.Line($"/// <param name=\"{parameter.Name.TrimStart('@')}\">{parameter.Doc}</param>");
    }

    private static void Exceptions(CodeWriter writer)
    {
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">The length of an argument does not match the tensor's shape.</exception>");
        writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The model is disposed.</exception>");
        writer.Line("/// <exception cref=\"global::Microsoft.ML.OnnxRuntime.OnnxRuntimeException\">The run failed.</exception>");
    }
}
