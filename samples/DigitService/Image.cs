namespace DigitService;

/// <summary>Reads images from request bodies, which have one byte for each pixel.</summary>
internal static class Image
{
    public const int Pixels = 28 * 28;

    /// <summary>Returns the pixels as numbers in 0…1, the input of the model; null when the body has another length.</summary>
    public static async Task<float[]?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var bytes = new byte[Pixels + 1];
        if (await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken) != Pixels)
            return null;
        var image = new float[Pixels];
        for (var i = 0; i < Pixels; i++)
            image[i] = bytes[i] / 255f;
        return image;
    }
}
