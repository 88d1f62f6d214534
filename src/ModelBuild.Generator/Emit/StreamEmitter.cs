using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes <c>OpenStream</c> and the class of a stream, for models with states.</summary>
internal static class StreamEmitter
{
    private const string Stream = "_modelStream";
    private const string Returns = "The outputs, including the new states. They are valid until the next call of this stream.";

    public static void Emit(CodeWriter writer, ModelClass model)
    {
        if (model.Stream is not { } stream)
            return;
        var opened = RunParameters.Opened(model, stream.Call).ToArray();
        writer.Gap();
        writer.Line("/// <summary>");
        writer.Line(
            "/// Opens a stream, which is a series of calls with states. The states start with zeros. Streams can share one model, but a stream has only one"
        );
        writer.Line("/// caller at a time.");
        writer.Line("/// <list type=\"bullet\">");
        foreach (var state in stream.States)
            writer.Line(
                $"/// <item><description>{DocText.Code(model.Outputs[state.Output].Tensor.Name)} becomes "
                    + $"{DocText.Code(model.Inputs[state.Input].Tensor.Name)} of the next call</description></item>"
            );
        writer.Line("/// </list>");
        writer.Line("/// </summary>");
        RunEmitter.Document(writer, opened);
        writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The model is disposed.</exception>");
        writer.Open($"public Stream OpenStream({RunEmitter.Declare(opened)})");
        writer.Line($"return new Stream({LoadingEmitter.Host}.OpenStream({string.Join(", ", opened.Select(parameter => parameter.Name))}));");
        writer.Close();
        writer.Gap();

        writer.Line(
            "/// <summary>A series of calls. Each call starts with the states that the previous call computed. "
                + "Concurrent calls throw an <see cref=\"global::System.InvalidOperationException\"/>.</summary>"
        );
        writer.Open("public sealed class Stream : global::System.IDisposable");
        writer.Line($"private readonly {RuntimeTypes.Stream} {Stream};");
        writer.Gap();
        writer.Open($"internal Stream({RuntimeTypes.Stream} stream)");
        writer.Line($"{Stream} = stream;");
        writer.Close();
        writer.Gap();
        RunEmitter.Run(writer, model, stream.Call, "Runs the model on the next part.", Returns);
        RunEmitter.RunAsync(
            writer,
            model,
            stream.Call,
            "Runs the model on the next part on a thread of the pool. The inputs are copied before the method returns. Await the task before the next call.",
            Returns
        );
        RunEmitter.Prepare(writer, model, stream.Call, $"{Stream}.Begin()");
        InputsEmitter.Emit(writer, model, stream.Call);
        writer.Line("/// <summary>Sets the states to zeros.</summary>");
        writer.Line("/// <exception cref=\"global::System.InvalidOperationException\">A call of this stream is running.</exception>");
        writer.Open("public void Reset()");
        writer.Line($"{Stream}.Reset();");
        writer.Close();
        writer.Gap();
        writer.Line("/// <summary>Closes the stream when the current call has ended.</summary>");
        writer.Open("public void Dispose()");
        writer.Line($"{Stream}.Dispose();");
        writer.Close();
        writer.Close();
        writer.Gap();
    }
}
