namespace ModelBuild.Imaging.Tests.Support;

/// <summary>Compares the colors of pictures.</summary>
internal static class Rgb
{
    /// <summary>Returns the rows of red, green and blue bytes of a picture, whose alpha is 255 everywhere.</summary>
    public static byte[] Of(Picture picture)
    {
        var bytes = picture.View.Pixels;
        var result = new byte[picture.Width * picture.Height * 3];
        for (var i = 0; i < picture.Width * picture.Height; i++)
        {
            Assert.Equal(255, bytes[(i * 4) + 3]);
            bytes.Slice(i * 4, 3).CopyTo(result.AsSpan(i * 3));
        }

        return result;
    }

    /// <summary>Returns one pixel.</summary>
    public static (byte Red, byte Green, byte Blue) At(Picture picture, int x, int y)
    {
        var pixel = picture.View.Row(y).Slice(x * 4, 4);
        return (pixel[0], pixel[1], pixel[2]);
    }

    /// <summary>Returns the largest and the mean absolute difference.</summary>
    public static (int Max, double Mean) Difference(byte[] expected, byte[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var differences = expected.Zip(actual, (a, b) => Math.Abs(a - b)).ToArray();
        return (differences.Max(), differences.Average());
    }
}
