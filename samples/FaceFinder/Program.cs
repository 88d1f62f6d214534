using ModelBuild.Imaging;

if (args is not [var path, var output])
{
    Console.Error.WriteLine("Usage: FaceFinder PHOTO RESULT   (JPEG, PNG or WebP)");
    return 2;
}

try
{
    using var photo = Picture.Load(path);
    using var model = new FaceModel();
    var faces = model.Detect(photo);
    foreach (var face in faces)
        Console.WriteLine(face);

    photo.Draw(faces);
    photo.Save(output);
    return 0;
}
catch (IOException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
