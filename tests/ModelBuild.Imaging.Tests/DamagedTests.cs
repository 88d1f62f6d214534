using ModelBuild.Imaging.Tests.Support;

namespace ModelBuild.Imaging.Tests;

/// <summary>Files that are not pictures, and truncated ones.</summary>
public sealed class DamagedTests
{
    private const string Readable = "Files in the formats JPEG, PNG, WebP, GIF, BMP and ICO can be read.";

    private static readonly byte[] _startOfScan = [0xFF, 0xDA];

    public static TheoryData<string> Names => [.. Files.Names];

    /// <summary>Only a GIF file may end after its first picture.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_truncated_file_is_an_error_unless_the_first_picture_is_complete(string name)
    {
        var file = Files.Read(name);
        var errors = 0;
        using var whole = Picture.Load(file);

        for (var length = 0; length < file.Length; length++)
            try
            {
                using var picture = Picture.Load(file.AsMemory(0, length));
                Assert.Equal(Rgb.Of(whole), Rgb.Of(picture));
            }
            catch (PictureException)
            {
                errors++;
            }

        Assert.InRange(errors, name.EndsWith(".gif", StringComparison.Ordinal) ? file.Length / 4 : file.Length, file.Length);
    }

    [Theory]
    [InlineData("full.jpg", "JPEG")]
    [InlineData("progressive.jpg", "JPEG")]
    [InlineData("rgb.png", "PNG")]
    [InlineData("interlaced.png", "PNG")]
    [InlineData("palette.gif", "GIF")]
    [InlineData("rgb.bmp", "BMP")]
    [InlineData("icon.ico", "ICO")]
    public void The_message_of_a_truncated_file_names_it_and_the_format(string name, string format)
    {
        using var folder = new TemporaryFolder();
        var file = Files.Read(name);
        var path = folder.Write(name, file.AsSpan(0, name == "icon.ico" ? 500 : file.Length * 3 / 4));

        var error = Assert.Throws<PictureException>(() => Picture.Load(path));

        Assert.Equal($"'{path}' is truncated: the end of the {format} file is missing. {Readable}", error.Message);
    }

    [Theory]
    [InlineData("", "The data is empty.")]
    [InlineData("48656C6C6F2C20776F726C64", "The data is not a picture.")]
    [InlineData("00000000", "The data is not a picture.")]
    [InlineData("0000A0A0FFFFFFFFFFFFFFFF", "The data is not a picture.")]
    [InlineData("FFD8FFE000104A46", "The data is truncated: the end of the JPEG file is missing.")]
    [InlineData("89504E470D0A1A0A0000000D", "The data is truncated: the end of the PNG file is missing.")]
    [InlineData("424D000000000000000000000000000000000000", "The data is damaged: it starts like a BMP file, but cannot be decoded.")]
    [InlineData("49492A0008000000", "The data has the format TIFF, which cannot be read.")]
    [InlineData("4D4D002A00000008", "The data has the format TIFF, which cannot be read.")]
    [InlineData("000000206674797068656963", "The data has the format HEIF, which cannot be read.")]
    [InlineData("00000020667479706D696631", "The data has the format HEIF, which cannot be read.")]
    [InlineData("000000206674797061766966", "The data has the format AVIF, which cannot be read.")]
    [InlineData("00000020667479706D703432", "The data is not a picture.")]
    public void The_message_says_what_is_wrong_with_the_data(string hex, string message)
    {
        var error = Assert.Throws<PictureException>(() => Picture.Load(Convert.FromHexString(hex)));

        Assert.Equal($"{message} {Readable}", error.Message);
    }

    [Fact]
    public void A_file_that_does_not_exist_is_not_called_a_bad_picture()
    {
        using var folder = new TemporaryFolder();

        Assert.Throws<FileNotFoundException>(() => Picture.Load(folder.File("none.png")));
        Assert.Throws<UnauthorizedAccessException>(() => Picture.Load(folder.Path));
    }

    [Fact]
    public void A_jpeg_file_of_very_many_scans_is_refused()
    {
        var file = Files.Read("progressive.jpg");
        var scan = file.AsSpan().LastIndexOf(_startOfScan);
        byte[] lastScan = file[scan..^2];
        byte[] many = [.. file[..scan], .. Enumerable.Repeat(lastScan, 600).SelectMany(bytes => bytes), 0xFF, 0xD9];

        var error = Assert.Throws<PictureException>(() => Picture.Load(many));

        Assert.Contains(" scans, and at most 500 are decoded.", error.Message, StringComparison.Ordinal);
    }
}
