using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the methods that take recordings.</summary>
internal static class AudioEmitter
{
    // The name of the generated field with the preparation. It cannot clash with a member of a model, whose name never starts with an underscore and a
    // lower-case letter.
    private const string Field = "_audioPreparation";
    private const string Samples = "The samples, −1 to 1: for each point in time one of each channel.";
    private const string Rate = "The sample rate of the recording in hertz.";
    private const string Channels = "The number of channels, which are averaged.";
    private const string Arguments = RuntimeTypes.ReadOnlySpan + "<float> samples, int rate, int channels = 1";

    public static void Emit(CodeWriter writer, ModelClass model)
    {
        if (model.Audio is not { Problem: null } audio)
            return;
        writer.Line(
            $"private static readonly {RuntimeTypes.AudioPreparation} {Field} = new {RuntimeTypes.AudioPreparation}({Literal.Of(audio.Description)}, "
                + $"{RuntimeTypes.AudioLayout}.{audio.Layout}, {Literal.Of(audio.Bands)}, {Literal.Of(audio.Length)});"
        );
        writer.Gap();
        if (!audio.IsChunked)
        {
            Run(writer, model, audio);
            return;
        }

        Open(writer);
        if (audio.ScoreOutput is { } score)
            Scores(writer, score);
        Stream(writer, model, audio);
    }

    private static void Run(CodeWriter writer, ModelClass model, AudioInput audio)
    {
        Summary(writer, audio, "Prepares a recording of any rate and runs the model. The method can be called by many threads at the same time");
        Parameters(writer);
        writer.Line("/// <returns>The outputs. Dispose returns their buffers, so that the next call can use them.</returns>");
        writer.Line("/// <exception cref=\"global::System.ArgumentException\">The recording is empty, or too short for the model.</exception>");
        writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The model is disposed.</exception>");
        writer.Open($"public Result RunAudio({Arguments})");
        writer.Line($"{RuntimeTypes.Call} _call = {LoadingEmitter.Host}.Rent();");
        writer.Line($"_call.WriteAudio<{audio.Type}>({Literal.Of(audio.Input)}, {Field}, samples, rate, channels);");
        WriteRate(writer, audio);
        writer.Line("return new Result(_call.Run());");
        writer.Close();
        writer.Gap();
    }

    private static void Open(CodeWriter writer)
    {
        writer.Line(
            "/// <summary>Opens a stream of sound, which takes samples of any number and rate. The states of the model belong to the stream.</summary>"
        );
        writer.Line($"/// <param name=\"rate\">{Rate}</param>");
        writer.Line($"/// <param name=\"channels\">{Channels}</param>");
        writer.Line("/// <exception cref=\"global::System.ObjectDisposedException\">The model is disposed.</exception>");
        writer.Open("public AudioStream OpenAudio(int rate, int channels = 1)");
        writer.Line("return new AudioStream(this, rate, channels);");
        writer.Close();
        writer.Gap();
    }

    private static void Scores(CodeWriter writer, OutputMember score)
    {
        writer.Line(
            $"/// <summary>Returns the value of <see cref=\"Result.{score.Property}\"/> for each chunk of a recording, and the duration of a chunk.</summary>"
        );
        Parameters(writer);
        writer.Line("/// <returns>The values, and the seconds between them.</returns>");
        writer.Open($"public (float[] Scores, double ChunkSeconds) ScoreAudio({Arguments})");
        writer.Line("global::System.Collections.Generic.List<float> _scores = new global::System.Collections.Generic.List<float>();");
        writer.Open("using (AudioStream _stream = OpenAudio(rate, channels))");
        writer.Line("Result _result;");
        writer.Line("while (_stream.Read(ref samples, out _result) || _stream.Finish(out _result))");
        writer.Open("using (_result)");
        writer.Line($"_scores.Add(_result.{score.Property}.Span[0]);");
        writer.Close();
        writer.Line("return (_scores.ToArray(), _stream.ChunkSeconds);");
        writer.Close();
        writer.Close();
        writer.Gap();
        writer.Line("/// <summary>Finds the segments of a recording whose chunks have high values, such as speech.</summary>");
        Parameters(writer);
        writer.Line("/// <param name=\"options\">The thresholds and the least durations; those of Silero VAD by default.</param>");
        writer.Line("/// <returns>The segments in seconds.</returns>");
        writer.Open(
            $"public global::System.Collections.Generic.IReadOnlyList<{RuntimeTypes.SpeechSegment}> FindSpeech({Arguments}, "
                + $"{RuntimeTypes.SpeechSegmentOptions}? options = null)"
        );
        writer.Line("(float[] _scores, double _seconds) = ScoreAudio(samples, rate, channels);");
        writer.Line($"return {RuntimeTypes.SpeechSegments}.Find(_scores, _seconds, options);");
        writer.Close();
        writer.Gap();
    }

    private static void Stream(CodeWriter writer, ModelClass model, AudioInput audio)
    {
        var host = model.Stream is null ? ClassEmitter.GlobalName(model) : RuntimeTypes.Stream;
        var begin = model.Stream is null ? $"_source.{LoadingEmitter.Host}.Rent()" : "_source.Begin()";
        Summary(writer, audio, "A stream of sound. It belongs to one caller at a time");
        writer.Open("public sealed class AudioStream : global::System.IDisposable");
        writer.Line($"private readonly {host} _source;");
        writer.Line($"private readonly {RuntimeTypes.AudioChunker} _chunker;");
        writer.Line($"private readonly {audio.Type}[] _chunk;");
        writer.Gap();
        writer.Open($"internal AudioStream({ClassEmitter.GlobalName(model)} model, int rate, int channels)");
        writer.Line($"_chunker = new {RuntimeTypes.AudioChunker}({Field}, rate, channels);");
        writer.Line($"_chunk = new {audio.Type}[_chunker.Size.Elements];");
        writer.Line(model.Stream is null ? "_source = model;" : $"_source = model.{LoadingEmitter.Host}.OpenStream({Ones(model.Stream)});");
        writer.Close();
        writer.Gap();
        writer.Line("/// <summary>Gets the duration of a chunk in seconds.</summary>");
        writer.Line("public double ChunkSeconds => _chunker.ChunkSeconds;");
        writer.Gap();
        writer.Line("/// <summary>Takes samples until a chunk is full, and runs the model on it.</summary>");
        writer.Line("/// <param name=\"samples\">The next samples, −1 to 1. Those that were taken are removed.</param>");
        writer.Line("/// <param name=\"result\">The outputs. They are valid until the next call of this stream.</param>");
        writer.Line("/// <returns>True if there are outputs; false if all samples were taken and the next chunk is not full.</returns>");
        Method(writer, $"public bool Read(ref {RuntimeTypes.ReadOnlySpan}<float> samples, out Result result)", "_chunker.Read(ref samples, _chunk)");
        writer.Line("/// <summary>Runs the model on what is left at the end of the stream. The last chunk is filled with silence.</summary>");
        writer.Line("/// <param name=\"result\">The outputs. They are valid until the next call of this stream.</param>");
        writer.Line("/// <returns>True if there are outputs; false if no sample is left.</returns>");
        Method(writer, "public bool Finish(out Result result)", "_chunker.Finish(_chunk)");
        writer.Line("/// <summary>Forgets the samples and the states, so that another recording can follow.</summary>");
        writer.Open("public void Reset()");
        writer.Line("_chunker.Reset();");
        if (model.Stream is not null)
            writer.Line("_source.Reset();");
        writer.Close();
        writer.Gap();
        writer.Line("/// <summary>Closes the stream.</summary>");
        writer.Open("public void Dispose()");
        if (model.Stream is not null)
            writer.Line("_source.Dispose();");
        writer.Close();
        writer.Gap();
        writer.Open("private Result RunChunk()");
        writer.Line($"{RuntimeTypes.Call} _call = {begin};");
        writer.Line($"_call.WriteAudioChunk<{audio.Type}>({Literal.Of(audio.Input)}, {Field}, _chunker.Size, _chunk);");
        WriteRate(writer, audio);
        writer.Line("return new Result(_call.Run());");
        writer.Close();
        writer.Close();
        writer.Gap();
    }

    private static void Method(CodeWriter writer, string head, string next)
    {
        writer.Open(head);
        writer.Line($"bool _isFull = {next};");
        writer.Line("result = _isFull ? RunChunk() : default(Result);");
        writer.Line("return _isFull;");
        writer.Close();
        writer.Gap();
    }

    private static void WriteRate(CodeWriter writer, AudioInput audio)
    {
        if (audio.RateInput is not { } rate)
            return;
        var type = rate.Type!.CSharp;
        writer.Line(
            rate.Tensor.IsScalar
                ? $"_call.WriteScalar<{type}>({Literal.Of(rate.Index)}, {Literal.Of(audio.Rate)});"
                : $"_call.Write<{type}>({Literal.Of(rate.Index)}, new {type}[] {{ {Literal.Of(audio.Rate)} }});"
        );
    }

    private static string Ones(StreamPlan stream) => string.Join(", ", stream.Call.Opened.Select(_ => "1"));

    private static void Summary(CodeWriter writer, AudioInput audio, string what) =>
        writer.Line(
            $"/// <summary>{what}: <c>{DocText.Escape(audio.Description)}</c>"
                + (audio.Source.Length == 0 ? "" : $" (from {DocText.Escape(audio.Source)})")
                + ".</summary>"
        );

    private static void Parameters(CodeWriter writer)
    {
        writer.Line($"/// <param name=\"samples\">{Samples}</param>");
        writer.Line($"/// <param name=\"rate\">{Rate}</param>");
        writer.Line($"/// <param name=\"channels\">{Channels}</param>");
    }
}
