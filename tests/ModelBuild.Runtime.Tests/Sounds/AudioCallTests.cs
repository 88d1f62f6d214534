using ModelBuild.Runtime.Tests.Models;

namespace ModelBuild.Runtime.Tests.Sounds;

/// <summary>Calls of generated classes with recordings.</summary>
public sealed class AudioCallTests
{
    [Fact]
    public void A_recording_becomes_the_input_as_the_project_describes_it()
    {
        using var model = RecordingModel.Fake(call =>
        {
            Assert.Equal([1, 3], call.InputShape("audio").ToArray());
            call.Input<float>("audio").CopyTo(call.Output<float>("y"));
        });

        // Two channels are averaged.
        using var result = model.RunAudio([0.5f, 0.25f, -0.5f, 0, 1, 1], 8000, channels: 2);

        Assert.Equal([0.75f, -0.5f, 2], result.Y.ToArray());
    }

    [Fact]
    public void A_recording_of_another_rate_is_converted()
    {
        using var model = RecordingModel.Fake(call => call.Input<float>("audio").CopyTo(call.Output<float>("y")));

        using var result = model.RunAudio(new float[320], 16000);

        Assert.Equal([1, 160], result.Y.Shape.ToArray());
    }

    [Fact]
    public void A_spectrum_has_the_layout_of_the_input()
    {
        var expected = new AudioPreparation("rate(8000) length(1) mel(4, 256, 128) log", AudioLayout.FramesBands, 4);
        var samples = new float[5000];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = MathF.Sin(i * 0.3f);
        var tensor = new Half[expected.Size(5000, 8000).Elements];
        expected.Write(samples, 8000, 1, tensor);
        using var model = SpectrumModel.Fake(call =>
        {
            Assert.Equal([1, 1, tensor.Length / 4, 4], call.InputShape("features").ToArray());
            Assert.Equal(tensor, call.Input<Half>("features").ToArray());
        });

        using var result = model.RunAudio(samples, 8000);

        Assert.Equal([1, 2], result.Y.Shape.ToArray());
    }

    [Fact]
    public void A_stream_takes_any_number_of_samples_and_the_model_gets_its_rate()
    {
        var chunks = new List<float[]>();
        using var model = ChunksModel.Fake(call =>
        {
            Assert.Equal([4000], call.Input<int>("sample_rate").ToArray());
            chunks.Add(call.Input<float>("audio").ToArray());
            call.Output<float>("p")[0] = chunks.Count;
        });
        using var stream = model.OpenAudio(4000);
        Assert.Equal(0.001, stream.ChunkSeconds);

        ReadOnlySpan<float> samples = [1, 2, 3];
        Assert.False(stream.Read(ref samples, out _));
        Assert.True(samples.IsEmpty);
        samples = [4, 5, 6, 7, 8, 9];
        Assert.True(stream.Read(ref samples, out var first));
        Assert.Equal(1, first.P.Value);
        Assert.True(stream.Read(ref samples, out _));
        Assert.False(stream.Read(ref samples, out _));
        Assert.True(stream.Finish(out _));
        Assert.False(stream.Finish(out _));

        Assert.Equal(
            [
                [0, 0, 1, 2, 3, 4],
                [3, 4, 5, 6, 7, 8],
                [7, 8, 9, 0, 0, 0],
            ],
            chunks
        );
    }

    [Fact]
    public void Scores_of_chunks_become_segments()
    {
        // 0.2 s of silence, 0.6 s of sound and 0.2 s of silence.
        using var model = ChunksModel.Fake(call => call.Output<float>("p")[0] = call.Input<float>("audio")[^1]);
        var samples = new float[4000];
        samples.AsSpan(800, 2400).Fill(0.9f);

        var (scores, seconds) = model.ScoreAudio(samples, 4000);
        var segment = Assert.Single(model.FindSpeech(samples, 4000));

        Assert.Equal((1000, 0.001), (scores.Length, seconds));
        Assert.Equal(0.2 - 0.03, segment.Start, 0.002);
        Assert.Equal(0.8 + 0.03, segment.End, 0.002);
    }

    [Fact]
    public void A_recording_that_does_not_fit_is_an_error_and_the_next_call_works()
    {
        using var model = RecordingModel.Fake(call => call.Input<float>("audio").CopyTo(call.Output<float>("y")));

        Assert.ThrowsAny<ArgumentException>(() => model.RunAudio([1, 2, 3], 8000, channels: 2));
        Assert.ThrowsAny<ArgumentException>(() => model.RunAudio([1], 0));
        Assert.ThrowsAny<ArgumentException>(() => model.RunAudio([1], 8000, channels: 0));

        using var result = model.RunAudio([1], 8000);
        Assert.Equal([2], result.Y.ToArray());
    }
}
