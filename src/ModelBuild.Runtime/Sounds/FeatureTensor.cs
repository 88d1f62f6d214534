using System.Numerics;

namespace ModelBuild.Runtime.Sounds;

/// <summary>Represents a tensor with bands and frames. The frames after the valid ones are padding.</summary>
/// <param name="values">The elements.</param>
/// <param name="layout">The layout.</param>
/// <param name="bands">The number of bands.</param>
/// <param name="frames">The number of frames.</param>
/// <param name="validFrames">The number of frames of the recording.</param>
internal readonly ref struct FeatureTensor(Span<float> values, AudioLayout layout, int bands, int frames, int validFrames)
{
    private readonly Span<float> _values = values;

    /// <summary>Gets the number of bands.</summary>
    public int Bands => bands;

    /// <summary>Gets the number of frames of the recording.</summary>
    public int ValidFrames => validFrames;

    /// <summary>Gets all elements.</summary>
    public Span<float> All => _values;

    /// <summary>Gets the number of spans that contain the valid frames.</summary>
    public int Rows => layout == AudioLayout.BandsFrames ? bands : 1;

    /// <summary>Gets the distance between the elements of two neighbouring frames, in elements.</summary>
    public int FrameStep => layout == AudioLayout.BandsFrames ? 1 : bands;

    /// <summary>Gets one of the spans that contain the valid frames.</summary>
    public Span<float> Row(int row) => layout == AudioLayout.BandsFrames ? _values.Slice(row * frames, validFrames) : _values[..(validFrames * bands)];

    /// <summary>
    /// Gets a span that starts with the element of a band in the first frame. The element of the next frame is <see cref="FrameStep"/> elements later.
    /// </summary>
    public Span<float> Band(int band) => _values[(layout == AudioLayout.BandsFrames ? band * frames : band)..];

    /// <summary>Writes one band of several frames.</summary>
    /// <param name="band">The band.</param>
    /// <param name="first">The first frame.</param>
    /// <param name="count">The number of frames.</param>
    /// <param name="elements">The values of the frames.</param>
    public void Set(int band, int first, int count, Vector<float> elements)
    {
        var target = Band(band)[(first * FrameStep)..];
        if (FrameStep == 1 && count == Vector<float>.Count)
            elements.CopyTo(target);
        else
            for (var i = 0; i < count; i++)
                target[i * FrameStep] = elements[i];
    }

    /// <summary>Sets the frames after the valid ones to zero.</summary>
    public void ClearPadding()
    {
        if (layout == AudioLayout.BandsFrames)
            for (var band = 0; band < bands; band++)
                _values[((band * frames) + validFrames)..((band + 1) * frames)].Clear();
        else
            _values[(validFrames * bands)..].Clear();
    }
}
