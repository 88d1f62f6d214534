using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the class that combines concurrent calls, for models whose inputs and outputs all start with the batch dimension.</summary>
internal static class BatcherEmitter
{
    public static void Emit(CodeWriter writer, ModelClass model)
    {
        var name = ClassEmitter.Name(model);
        writer.Line("/// <summary>Opens a batcher, which gathers calls that come at once into one run. Dispose it before the model.</summary>");
        writer.Line("/// <param name=\"options\">How many rows a run may have, and how long they may wait for each other.</param>");
        writer.Open($"public Batcher OpenBatcher({RuntimeTypes.Namespace}BatcherOptions? options = null)");
        writer.Line($"return new Batcher(this, {LoadingEmitter.Host}.OpenBatcher(options));");
        writer.Close();
        writer.Gap();

        writer.Line(
            "/// <summary>Gathers calls that come at once into one run: each caller gets the outputs of its own rows, and sees its own errors only.</summary>"
        );
        writer.Open("public sealed class Batcher : global::System.IAsyncDisposable, global::System.IDisposable");
        writer.Line($"private readonly {name} _model;");
        writer.Line($"private readonly {RuntimeTypes.Namespace}ModelBatcher _batcher;");
        writer.Gap();
        writer.Open($"internal Batcher({name} model, {RuntimeTypes.Namespace}ModelBatcher batcher)");
        writer.Line("_model = model;");
        writer.Line("_batcher = batcher;");
        writer.Close();
        writer.Gap();

        RunEmitter.BatchedRunAsync(writer, model);

        writer.Line("/// <summary>Takes no calls any more, answers those that wait, and ends.</summary>");
        writer.Open("public global::System.Threading.Tasks.ValueTask DisposeAsync()");
        writer.Line("return _batcher.DisposeAsync();");
        writer.Close();
        writer.Gap();
        writer.Line("/// <summary>The same, and waits for the end.</summary>");
        writer.Open("public void Dispose()");
        writer.Line("_batcher.Dispose();");
        writer.Close();
        writer.Close();
        writer.Gap();
    }
}
